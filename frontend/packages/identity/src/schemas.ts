/** What the forms about an account ask for, checked before the server is asked. */
import * as v from "valibot";
import { passwordRules } from "./password-rules";

export const emailField = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty("Enter your e-mail address."),
  v.email("Enter an address like anna@example.com."),
);

export const newPasswordField = v.pipe(
  v.string(),
  v.nonEmpty("Choose a password."),
  v.check(
    (password) => passwordRules.every(({ holds }) => holds(password)),
    "The password still breaks a rule below.",
  ),
);

export const passwordField = v.pipe(v.string(), v.nonEmpty("Enter your password."));

export const optionalText = v.pipe(v.string(), v.trim(), v.maxLength(200, "Use at most 200 characters."));

export const requiredText = (message: string) => v.pipe(optionalText, v.nonEmpty(message));

export const loginSchema = v.object({ email: emailField, password: passwordField });

export const customerSchema = v.object({
  shop_name: v.string(),
  name: optionalText,
  email: emailField,
  password: newPasswordField,
});

export const sellerSchema = v.object({
  shop_name: requiredText("Give your shop a name."),
  name: requiredText("Enter your name."),
  email: emailField,
  password: newPasswordField,
});
