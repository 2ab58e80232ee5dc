/** How the shop sells: delivery, stock, payment, in plain words. */
import { usePageTitle } from "./page-title";

const sections = [
  [
    "Who you buy from",
    "Every piece is made and sold by the jeweller whose name stands beside it. Carat shows it, takes the payment, and looks after the order from the cart to your door.",
  ],
  [
    "What is in stock",
    "The number you see is the number there is. When you place an order, your pieces are set aside for thirty minutes while you pay, so that nobody can buy them from under you. If you do not pay, they go back on sale.",
  ],
  [
    "What it costs",
    "Prices include tax. Insured delivery is free. If a price changes while you shop, you see it before you pay.",
  ],
  [
    "How you pay",
    "On the payment page of our card processor. Your card number never passes through this shop. An order is charged once, however often a page is reloaded.",
  ],
] as const;

export function AboutPage() {
  usePageTitle("How we sell");
  return (
    <div className="shell max-w-3xl py-12 sm:py-20">
      <h1 className="font-display text-display">How we sell</h1>
      {sections.map(([title, text]) => (
        <section key={title} className="mt-10 border-t border-line pt-6">
          <h2 className="font-display text-heading">{title}</h2>
          <p className="mt-2 max-w-[62ch] text-muted">{text}</p>
        </section>
      ))}
    </div>
  );
}
