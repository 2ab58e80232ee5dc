/**
 * The pictures of a product: chosen, dropped or pasted, told in words, put in order and taken away. What is done here is done
 * at once; only the form below waits for its button.
 */
import { type Image, type Problem, type Product, toProblem } from "@carat/api-client";
import { Button, ConfirmDialog, ProblemNotice } from "@carat/ui";
import clsx from "clsx";
import { ImagePlus } from "lucide-react";
import { type ClipboardEvent, type DragEvent, useRef, useState } from "react";
import { Section } from "../form/Section";
import { removePicture, updatePicture } from "../queries";
import { PictureTile } from "./PictureTile";
import { mostPictures, readable } from "./refusal";
import { UploadTile } from "./UploadTile";
import { useKeepPictures } from "./use-keep-pictures";
import { useUploads } from "./use-uploads";

export function PicturesSection({ product }: { product: Product }) {
  const { id, images } = product;
  const keep = useKeepPictures(id);
  const { uploads, add, retry, dismiss } = useUploads(id, (image) => keep((all) => [...all, image]));
  const [problem, setProblem] = useState<Problem>();
  const [leaving, setLeaving] = useState<Image>();
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const [said, setSaid] = useState("");
  const [dragged, setDragged] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const adder = useRef<HTMLButtonElement>(null);
  const full = images.length + uploads.filter(({ state }) => state !== "refused").length >= mostPictures;

  const attempt = async (act: () => Promise<void>) => {
    setProblem(undefined);
    setBusy(true);
    try {
      await act();
    } catch (error) {
      setProblem(toProblem(error));
      keep(); // as the server has it
    } finally {
      setBusy(false);
    }
  };

  const move = (image: Image, position: number) =>
    attempt(async () => {
      const others = images.filter((one) => one.id !== image.id);
      keep(() => others.toSpliced(position - 1, 0, image));
      await updatePicture(id, image.id, { position });
      setSaid(`Picture moved to place ${position} of ${images.length}.`);
    });

  const describe = (image: Image, alt: string) =>
    attempt(async () => {
      const changed = await updatePicture(id, image.id, { alt });
      keep((all) => all.map((one) => (one.id === image.id ? { ...one, alt: changed.alt } : one)));
      setSaid("Description saved.");
    });

  const remove = (image: Image) =>
    attempt(async () => {
      await removePicture(id, image.id);
      keep((all) => all.filter((one) => one.id !== image.id));
      setSaid("Picture deleted.");
      adder.current?.focus(); // what had it is gone
    }).finally(() => setLeaving(undefined));

  const drop = (event: DragEvent) => {
    setOver(false);
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    add(event.dataTransfer.files);
  };
  const paste = ({ clipboardData }: ClipboardEvent) => {
    if (clipboardData.files.length > 0) add(clipboardData.files);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping and pasting are shortcuts for the button inside
    <div
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      onPaste={paste}
      className={clsx("mb-4 rounded-md", over && "outline-2 outline-offset-2 outline-accent")}
    >
      <Section
        title="Pictures"
        note="The first one stands for the product. JPEG, PNG or WebP, up to 12 MB; where and by what it was taken is not kept."
      >
        <ProblemNotice problem={problem} />
        {(images.length > 0 || uploads.length > 0) && (
          <ul
            aria-label="Pictures"
            className="grid grid-cols-2 gap-4 sm:grid-cols-3 lg:grid-cols-4 xl:grid-cols-5"
          >
            {images.map((image, index) => (
              <PictureTile
                key={image.id}
                image={image}
                place={index + 1}
                of={images.length}
                subject={product.title}
                busy={busy}
                onMove={(position) => void move(image, position)}
                onDescribe={(alt) => void describe(image, alt)}
                onRemove={() => setLeaving(image)}
                onGrab={() => setDragged(image.id)}
                onReceive={() => {
                  const grabbed = images.find((one) => one.id === dragged);
                  setDragged(undefined);
                  if (grabbed && grabbed.id !== image.id) void move(grabbed, index + 1);
                }}
              />
            ))}
            {uploads.map((upload) => (
              <UploadTile
                key={upload.key}
                upload={upload}
                onRetry={() => retry(upload.key)}
                onDismiss={() => dismiss(upload.key)}
              />
            ))}
          </ul>
        )}
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <input
            ref={input}
            type="file"
            multiple
            accept={readable.join(",")}
            aria-label="Choose pictures"
            tabIndex={-1}
            className="sr-only"
            onChange={(event) => {
              add(event.target.files ?? []);
              event.target.value = "";
            }}
          />
          <Button ref={adder} variant="secondary" disabled={full} onClick={() => input.current?.click()}>
            <ImagePlus aria-hidden="true" size={18} /> Add pictures
          </Button>
          <p className="text-sm text-muted">
            {full ? "A product takes twelve pictures." : "Or drop them here, or paste them."}
          </p>
        </div>
        <p role="status" className="sr-only">
          {said}
        </p>
      </Section>
      <ConfirmDialog
        open={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title="Delete this picture?"
        confirmLabel="Delete the picture"
        pending={busy}
        onConfirm={() => leaving && void remove(leaving)}
      >
        It goes from the shop at once, and cannot be brought back.
      </ConfirmDialog>
    </div>
  );
}
