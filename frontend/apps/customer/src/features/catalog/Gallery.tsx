/** The pictures of a piece: side by side to swipe on a phone, one below the other on a desk; a click shows one large. */
import type { Product } from "@carat/api-client";
import { Dialog, Picture } from "@carat/ui";
import clsx from "clsx";
import { useState } from "react";

export function Gallery({ product }: { product: Product }) {
  const { images, title, category } = product;
  const [zoomed, setZoomed] = useState<number>();
  const subject = `${category?.name ?? ""} ${title}`.trim();
  if (images.length === 0) return <Picture image={null} subject={subject} sizes="100vw" />;
  const large = zoomed === undefined ? undefined : images[zoomed];
  return (
    <section aria-label="Pictures" className="min-w-0">
      <ul
        className={clsx(
          "flex snap-x snap-mandatory gap-2 overflow-x-auto max-lg:-mx-4 max-lg:px-4",
          "lg:grid lg:grid-cols-2 lg:gap-4 lg:overflow-visible",
        )}
      >
        {images.map((image, index) => (
          <li
            key={image.url}
            className={clsx(
              "w-full shrink-0 snap-center",
              images.length > 1 && "max-lg:w-[88%]",
              (index === 0 || (index === images.length - 1 && index % 2 === 1)) && "lg:col-span-2",
            )}
          >
            <button
              type="button"
              onClick={() => setZoomed(index)}
              aria-label={`Enlarge picture ${index + 1} of ${images.length}`}
              className="block w-full cursor-zoom-in!"
            >
              <Picture
                image={image}
                subject={subject}
                sizes={index === 0 ? "(min-width: 1024px) 55vw, 94vw" : "(min-width: 1024px) 28vw, 88vw"}
                priority={index === 0}
              />
            </button>
          </li>
        ))}
      </ul>
      <Dialog open={large !== undefined} onClose={() => setZoomed(undefined)} title={title} placement="full">
        {large && (
          <div className="mx-auto max-w-[min(100%,calc(100dvh-6rem))]">
            <Picture image={large} subject={subject} sizes="100vw" />
          </div>
        )}
      </Dialog>
    </section>
  );
}
