/** Asks before a product becomes a gift card, or none any more, and says what changes with that. */
import type { Product } from "@carat/api-client";
import { shownProblem } from "@carat/identity";
import { ConfirmDialog, ProblemNotice, toast } from "@carat/ui";
import { useDecideGiftProduct } from "./queries";
import { valuesOf } from "./words";

interface Props {
  /** What is asked about; nothing when it is closed. */
  product: Product | undefined;
  onClose: () => void;
}

export function DecideDialog({ product, onClose }: Props) {
  const decide = useDecideGiftProduct();
  const close = () => {
    decide.reset();
    onClose();
  };
  const becomes = product ? !product.gift_card : false;
  const confirm = () => {
    if (!product) return;
    const { id, title } = product;
    const message = becomes ? `“${title}” is a gift card now.` : `“${title}” is no gift card any more.`;
    decide.mutate(
      { id, gift_card: becomes },
      {
        onSuccess: () => {
          toast({ message });
          onClose();
          // The product has left the list with its button: the keyboard goes on at the top of the page.
          setTimeout(() => document.getElementById("main")?.focus({ preventScroll: true }));
        },
      },
    );
  };
  return (
    <ConfirmDialog
      open={product !== undefined}
      onClose={close}
      title={becomes ? "Make it a gift card?" : "No gift card any more?"}
      confirmLabel={becomes ? "Make it a gift card" : "Make it a usual product"}
      variant={becomes ? "primary" : "danger"}
      pending={decide.isPending}
      onConfirm={confirm}
    >
      {product && (becomes ? <Becoming product={product} /> : <Ending product={product} />)}
      <ProblemNotice problem={shownProblem(decide.error)} />
    </ConfirmDialog>
  );
}

const list = "mt-3 flex list-disc flex-col gap-1.5 pl-5";

function Becoming({ product }: { product: Product }) {
  const { title, seller } = product;
  return (
    <>
      <p>
        “{title}” of {seller.shop_name} is sold as a gift card from now on:
      </p>
      <ul className={list}>
        <li>Each card is worth what it costs: {valuesOf(product)}.</li>
        <li>
          Nothing is sent by post: buyers say for whom a card is, and it goes there by e-mail once it is paid.
        </li>
        <li>Its stock does not count: there are always enough.</li>
        <li>The shop owes what the cards are worth, so {seller.shop_name} earns nothing by selling them.</li>
      </ul>
    </>
  );
}

function Ending({ product: { title, seller } }: { product: Product }) {
  return (
    <>
      <p>
        “{title}” of {seller.shop_name} is a usual product again:
      </p>
      <ul className={list}>
        <li>It is sent by post, its stock counts again, and {seller.shop_name} earns its price.</li>
        <li>Gift cards that were sold stay good.</li>
      </ul>
      <p className="mt-3">If it is not to be bought at all, its seller archives it.</p>
    </>
  );
}
