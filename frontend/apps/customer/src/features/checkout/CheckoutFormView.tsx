/** The form of the checkout with the review beside it. */
import type { Cart, User } from "@carat/api-client";
import { Button, formatMoney, Input, Notice } from "@carat/ui";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useEffect } from "react";
import { useForm } from "react-hook-form";
import { isShipped } from "../cart/shipped";
import type { Address } from "../identity/addresses/queries";
import { AddressFields } from "./AddressFields";
import { CheckoutProblem } from "./CheckoutProblem";
import { likelyCountry } from "./countries";
import { keepDraft, readDraft } from "./draft";
import { MeansSection } from "./means/MeansSection";
import { MeansTotal } from "./means/MeansTotal";
import { useMeans } from "./means/use-means";
import { Review } from "./Review";
import { SavedAddresses, toForm } from "./SavedAddresses";
import { checkoutSchema } from "./schema";
import { usePlaceOrder } from "./use-place-order";

interface Props {
  cart: Cart;
  user: User | undefined;
  /** Those that the customer has saved. */
  addresses: Address[];
}

export function CheckoutFormView({ cart, user, addresses }: Props) {
  const shipped = isShipped(cart);
  const form = useForm({
    resolver: standardSchemaResolver(checkoutSchema(shipped)),
    defaultValues: initialValues(user, addresses),
  });
  const means = useMeans(cart, user);
  const { place, problem, isPlacing } = usePlaceOrder(cart, means, form);
  const { rest } = means.split;
  const blocked = cart.lines.some(({ available }) => !available);
  const unverified = user !== undefined && !user.email_verified;

  useEffect(
    () => form.subscribe({ formState: { values: true }, callback: ({ values }) => keepDraft(values) }),
    [form],
  );

  return (
    <div className="shell max-w-6xl pt-8 sm:pt-12">
      <h1 className="font-display text-display">Checkout</h1>
      <form
        onSubmit={form.handleSubmit((values) => place(values))}
        noValidate
        className="mt-8 grid gap-x-16 gap-y-10 lg:grid-cols-[1fr_24rem]"
      >
        <div className="flex flex-col gap-12">
          <Section title="Contact">
            {user ? (
              <p className="text-muted">
                Signed in as <span className="break-all text-ink">{user.email}</span>
              </p>
            ) : (
              <p className="text-muted">
                You order as a guest.{" "}
                <Link
                  to="/login"
                  search={{ redirect: "/checkout" }}
                  className="text-ink underline underline-offset-4"
                >
                  Sign in instead
                </Link>
              </p>
            )}
            <Input
              label="E-mail"
              type="email"
              autoComplete="email"
              hint="For the confirmation and news of your order, nothing else."
              error={form.formState.errors.email?.message}
              {...form.register("email")}
            />
          </Section>
          {shipped && (
            <Section title="Delivery">
              {addresses.length > 0 && (
                <SavedAddresses
                  addresses={addresses}
                  current={form.watch("shipping_address")}
                  onChoose={(address) =>
                    form.setValue("shipping_address", address, { shouldValidate: form.formState.isSubmitted })
                  }
                />
              )}
              <AddressFields
                field={(name, autoComplete) => ({
                  ...form.register(`shipping_address.${name}`),
                  autoComplete: `shipping ${autoComplete}`,
                  error: form.formState.errors.shipping_address?.[name]?.message,
                })}
              />
            </Section>
          )}
          <Section title={means.balance ? "Gift cards and balance" : "Gift cards"}>
            <MeansSection means={means} currency={cart.total.currency} />
          </Section>
        </div>
        <section
          aria-label="Review and pay"
          className="flex flex-col gap-5 self-start bg-tile p-6 lg:sticky lg:top-8"
        >
          <Review cart={cart} />
          <MeansTotal means={means} />
          {unverified && (
            <Notice tone="warning">
              Verify your e-mail address before you pay.{" "}
              <Link to="/verify" search={{ redirect: "/checkout" }} className="underline underline-offset-4">
                Enter the code
              </Link>
            </Notice>
          )}
          <CheckoutProblem problem={problem} />
          <Button
            type="submit"
            size="large"
            pending={isPlacing}
            disabled={blocked || unverified || !means.isReady}
          >
            {rest.amount > 0 ? `Order and pay ${formatMoney(rest)}` : "Place the order"}
          </Button>
          <p className="text-sm text-muted">
            {rest.amount > 0 ? "You pay by card on the next page." : "Nothing is left to pay by card."} Your
            order is placed once, even if you reload.
          </p>
        </section>
      </form>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-5 border-t border-line pt-6">
      <h2 className="font-display text-heading">{title}</h2>
      {children}
    </section>
  );
}

function initialValues(user: User | undefined, addresses: Address[]) {
  const { email, shipping_address } = readDraft();
  const usual = addresses.find((address) => address.default);
  const empty = { name: user?.name ?? "", line1: "", line2: "", postal_code: "", city: "", region: "" };
  return {
    email: email || user?.email || "",
    shipping_address: {
      ...(usual ? toForm(usual) : { ...empty, country: likelyCountry() }),
      ...(shipping_address?.line1 || !usual ? shipping_address : undefined),
    },
  };
}
