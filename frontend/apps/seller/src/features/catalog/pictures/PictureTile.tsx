/** One picture: moved by its buttons or by dragging, described in words, taken away. */
import type { Image } from "@carat/api-client";
import { Button, controlClass, Picture } from "@carat/ui";
import { ArrowLeft, ArrowRight, Trash2 } from "lucide-react";
import { useState } from "react";

interface Props {
  image: Image;
  place: number;
  of: number;
  /** What it is a picture of. */
  subject: string;
  busy: boolean;
  onMove: (position: number) => void;
  onDescribe: (alt: string) => void;
  onRemove: () => void;
  onGrab: () => void;
  onReceive: () => void;
}

export function PictureTile(props: Props) {
  const { image, place, of, subject, busy, onMove, onDescribe, onRemove, onGrab, onReceive } = props;
  const [alt, setAlt] = useState(image.alt);
  const name = `picture ${place} of ${of}`;
  const save = () => {
    if (alt.trim() !== image.alt) onDescribe(alt.trim());
  };
  return (
    <li
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        onGrab();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={onReceive}
      className="flex min-w-0 flex-col gap-2"
    >
      <div className="relative">
        <Picture
          image={image}
          subject={subject}
          sizes="(min-width: 640px) 220px, 45vw"
          className="rounded-sm"
        />
        {place === 1 && (
          <span className="absolute top-2 left-2 rounded-sm bg-surface px-2 py-0.5 text-xs font-medium">
            First
          </span>
        )}
      </div>
      <input
        type="text"
        value={alt}
        maxLength={300}
        placeholder="What it shows"
        aria-label={`What ${name} shows`}
        className={controlClass}
        onChange={(event) => setAlt(event.target.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === "Enter") save();
        }}
      />
      <div className="flex justify-between">
        <div className="flex">
          <Button
            variant="quiet"
            size="icon"
            aria-label={`Move ${name} forward`}
            disabled={place === 1 || busy}
            onClick={() => onMove(place - 1)}
          >
            <ArrowLeft aria-hidden="true" size={18} />
          </Button>
          <Button
            variant="quiet"
            size="icon"
            aria-label={`Move ${name} back`}
            disabled={place === of || busy}
            onClick={() => onMove(place + 1)}
          >
            <ArrowRight aria-hidden="true" size={18} />
          </Button>
        </div>
        <Button variant="quiet" size="icon" aria-label={`Delete ${name}`} disabled={busy} onClick={onRemove}>
          <Trash2 aria-hidden="true" size={18} />
        </Button>
      </div>
    </li>
  );
}
