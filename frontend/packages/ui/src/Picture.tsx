/**
 * A product's picture in a square of fixed size, in as many widths as the server has made; a drawing where there is none. The warm
 * tile behind it shows through in the light theme, so that pictures on off-white sit on the page without an edge.
 */
import clsx from "clsx";
import { StandIn } from "./StandIn";

export interface ImageSource {
  url: string;
  alt: string;
  width: number;
  height: number;
  /** As WebP. */
  thumbnails: Size[];
  /** As JPEG, for a browser that can't read WebP. */
  fallbacks?: Size[];
}

interface Size {
  url: string;
  width: number;
  height: number;
}

interface Props {
  image: ImageSource | null | undefined;
  /** What it shows, where there is no picture. */
  subject: string;
  /** The width that the picture will have, as the `sizes` attribute wants it. */
  sizes: string;
  /** The first thing that the visitor sees: load it before everything else. */
  priority?: boolean;
  /** A picture beside its own title needs no words of its own. */
  decorative?: boolean;
  className?: string;
}

export function Picture({ image, subject, sizes, priority = false, decorative = false, className }: Props) {
  return (
    <div className={clsx("relative aspect-square overflow-hidden bg-tile", className)}>
      {image ? (
        <picture>
          {sources(image).webp && <source type="image/webp" srcSet={sources(image).webp} sizes={sizes} />}
          <img
            src={image.url}
            srcSet={sources(image).any}
            sizes={sizes}
            width={image.width}
            height={image.height}
            alt={decorative ? "" : image.alt || subject}
            loading={priority ? "eager" : "lazy"}
            fetchPriority={priority ? "high" : "auto"}
            decoding={priority ? "auto" : "async"}
            className="absolute inset-0 size-full object-cover dark:brightness-90"
          />
        </picture>
      ) : (
        <div className="absolute inset-0 grid place-items-center text-muted">
          <StandIn
            subject={subject}
            label={decorative ? undefined : `${subject}, without a picture yet`}
            className="w-3/5"
          />
        </div>
      )}
    </div>
  );
}

/** The picture in its widths: as WebP for browsers that choose it, and for any browser. */
export function sources(image: ImageSource): { webp?: string; any?: string } {
  const { url, thumbnails, fallbacks = [] } = image;
  const isWebp = url.endsWith(".webp");
  if (isWebp && fallbacks.length === 0) return { any: srcSet([image, ...thumbnails]) };
  return {
    webp: thumbnails.length > 0 ? srcSet(isWebp ? [image, ...thumbnails] : thumbnails, 1) : undefined,
    any: srcSet(isWebp ? fallbacks : [image, ...fallbacks]),
  };
}

function srcSet(sizes: Size[], least = 2): string | undefined {
  const widths = new Map(sizes.map(({ width, url }) => [width, url] as const));
  if (widths.size < least) return undefined;
  return [...widths]
    .sort(([a], [b]) => a - b)
    .map(([width, url]) => `${url} ${width}w`)
    .join(", ");
}
