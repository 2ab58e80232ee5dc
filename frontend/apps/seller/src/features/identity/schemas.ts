/** What the forms about the account ask for, checked before the server is asked. */
import * as v from "valibot";
import { passwordRules } from "./password-rules";

const email = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty("Enter your e-mail address."),
  v.email("Enter an address like anna@example.com."),
);

const name = (what: string) =>
  v.pipe(v.string(), v.trim(), v.nonEmpty(what), v.maxLength(200, "Use at most 200 characters."));

export const loginSchema = v.object({
  email,
  password: v.pipe(v.string(), v.nonEmpty("Enter your password.")),
});

export const registerSchema = v.object({
  shop_name: name("Give your shop a name."),
  name: name("Enter your name."),
  email,
  password: v.pipe(
    v.string(),
    v.check(
      (password) => passwordRules.every(({ holds }) => holds(password)),
      "The password still breaks a rule below.",
    ),
  ),
});
