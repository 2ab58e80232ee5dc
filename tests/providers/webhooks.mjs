// The library of the Standard Webhooks convention, as merchants use it. The body is read from the standard input.
//   node webhooks.mjs sign SECRET ID SECONDS                prints the signature that it would send
//   node webhooks.mjs verify SECRET ID SECONDS SIGNATURE    prints the message's type if it takes it, else fails with its error's name
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";

const [verb, secret, id, seconds, signature] = process.argv.slice(2);
const webhook = new Webhook(secret);
const body = await text(process.stdin);

if (verb === "sign") {
  process.stdout.write(webhook.sign(id, new Date(Number(seconds) * 1000), body));
} else {
  try {
    const headers = { "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": signature };
    process.stdout.write(webhook.verify(body, headers).type);
  } catch (error) {
    process.stderr.write(error.constructor.name);
    process.exitCode = 1;
  }
}
