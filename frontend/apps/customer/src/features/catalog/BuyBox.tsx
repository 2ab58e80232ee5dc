/** Choosing a variant and a quantity, and putting them in the cart. */
import type { Product } from "@carat/api-client";
import { Button, Notice, QuantityStepper } from "@carat/ui";
import clsx from "clsx";
import { useEffect, useState } from "react";
import { pieceOf } from "../cart/changes";
import { openCartDrawer, prepareCartDrawer } from "../cart/drawer";
import { useCart } from "../cart/use-cart";
import { GiftForm } from "../gift-cards/GiftForm";
import { Price } from "./Price";
import { chooseOption, firstVariant, type OptionGroup, optionGroups, stockText } from "./variants";

export function BuyBox({ product }: { product: Product }) {
  const { variants } = product;
  const [variantId, setVariantId] = useState(() => firstVariant(variants)?.id);
  const [wanted, setWanted] = useState(1);
  const { cart, add } = useCart();

  useEffect(() => void prepareCartDrawer(), []);

  const variant = variants.find(({ id }) => id === variantId) ?? firstVariant(variants);
  if (!variant) return <Notice className="mt-6">This piece is not for sale at the moment.</Notice>;
  const options = optionGroups(variants, variant).map((group) => (
    <OptionChoice
      key={group.name}
      group={group}
      onChoose={(value) => setVariantId(chooseOption(variants, variant, group.name, value).id)}
    />
  ));
  if (product.gift_card) {
    return (
      <div className="mt-6 flex flex-col gap-6">
        <p className="text-2xl">
          <Price price={variant.price} before={null} />
        </p>
        {options}
        <GiftForm
          onAdd={(gift) => {
            add(pieceOf(product, variant, gift), 1);
            openCartDrawer();
          }}
        />
      </div>
    );
  }

  const inCart = cart?.lines.find((line) => line.variant_id === variant.id)?.quantity ?? 0;
  const left = variant.stock - inCart;
  const quantity = Math.max(1, Math.min(wanted, left));

  const addToCart = () => {
    add(pieceOf(product, variant), quantity);
    setWanted(1);
    openCartDrawer();
  };

  return (
    <div className="mt-6 flex flex-col gap-6">
      <p className="text-2xl">
        <Price price={variant.price} before={product.compare_at_price} />
      </p>
      {options}
      <p role="status" className={clsx("flex items-center gap-2.5", variant.stock === 0 && "text-muted")}>
        <span
          aria-hidden="true"
          className={clsx("size-2.5 rounded-full", variant.stock > 0 ? "bg-success" : "border border-edge")}
        />
        {stockText(variant.stock)}
        {inCart > 0 && <span className="text-muted">, {inCart} in your cart</span>}
      </p>
      <div className="flex flex-wrap gap-3">
        {variant.stock > 1 && (
          <QuantityStepper
            value={quantity}
            max={Math.max(1, left)}
            onChange={setWanted}
            label={product.title}
          />
        )}
        {left > 0 ? (
          <Button size="large" className="min-w-48 flex-1" onClick={addToCart}>
            Add to cart
          </Button>
        ) : (
          <Button
            size="large"
            variant={inCart > 0 ? "secondary" : "primary"}
            className="min-w-48 flex-1"
            disabled={inCart === 0}
            onClick={openCartDrawer}
          >
            {inCart > 0 ? "See your cart" : "Sold out"}
          </Button>
        )}
      </div>
    </div>
  );
}

function OptionChoice({ group, onChoose }: { group: OptionGroup; onChoose: (value: string) => void }) {
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-medium">{group.name}</legend>
      <div className="flex flex-wrap gap-2">
        {group.values.map(({ value, chosen, inStock }) => (
          <label key={value} className="relative">
            <input
              type="radio"
              name={group.name}
              value={value}
              checked={chosen}
              onChange={() => onChoose(value)}
              className="peer absolute inset-0 size-full cursor-pointer opacity-0"
            />
            <span
              className={clsx(
                "grid min-h-11 min-w-14 place-items-center rounded-sm border border-edge px-3 text-[0.9375rem] transition-colors",
                "peer-hover:border-ink peer-checked:border-accent peer-checked:bg-accent peer-checked:text-on-accent",
                "peer-focus-visible:outline-2 peer-focus-visible:outline-offset-3 peer-focus-visible:outline-accent",
                !inStock && "border-dashed text-muted line-through",
              )}
            >
              {value}
              {!inStock && <span className="sr-only">, sold out</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
