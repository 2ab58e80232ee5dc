/** How grave an event is: a mark whose shape tells as much as its colour. What is calm has the quietest. */
import clsx from "clsx";
import { Circle, CircleAlert, TriangleAlert } from "lucide-react";
import { type Weight, weightOf } from "./kinds";

const marks = { calm: Circle, noted: CircleAlert, grave: TriangleAlert };
const colours: Record<Weight, string> = { calm: "text-edge", noted: "text-warning", grave: "text-danger" };
const words: Record<Weight, string> = { calm: "", noted: "To note: ", grave: "Grave: " };

export function EventMark({ kind, className }: { kind: string; className?: string }) {
  const weight = weightOf(kind);
  const Mark = marks[weight];
  return (
    <>
      <Mark
        aria-hidden="true"
        size={18}
        strokeWidth={1.75}
        className={clsx(
          "shrink-0 p-px",
          weight === "calm" && "scale-[0.4] fill-current",
          colours[weight],
          className,
        )}
      />
      <span className="sr-only">{words[weight]}</span>
    </>
  );
}
