// Stripe's own library as the judge of signatures. The body is read from the standard input.
//   node stripe.mjs sign SECRET SECONDS     prints the header that Stripe would send with the body
//   node stripe.mjs verify SECRET HEADER    prints the event's id if the library takes it, else fails with its error's type
import { text } from "node:stream/consumers";
import Stripe from "stripe";

const [verb, secret, argument] = process.argv.slice(2);
const stripe = new Stripe("sk_test_of_the_tests");
const payload = await text(process.stdin);

if (verb === "sign") {
  const timestamp = Number(argument);
  process.stdout.write(stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }));
} else {
  try {
    process.stdout.write(stripe.webhooks.constructEvent(payload, argument, secret).id);
  } catch (error) {
    process.stderr.write(error.type);
    process.exitCode = 1;
  }
}
