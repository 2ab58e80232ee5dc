/** Copies a text, and says that it has. Where the browser does not allow it, it says what to do instead. */
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { toast } from "./toast";

interface Props {
  text: string;
  what: string;
  onCopied?: () => void;
}

export function CopyButton({ text, what, onCopied }: Props) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 2000);
    return () => clearTimeout(timer);
  }, [done]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
      onCopied?.();
    } catch {
      toast({ message: `Your browser does not let us copy. Select the ${what} and copy it yourself.` });
    }
  };
  const Icon = done ? Check : Copy;
  return (
    <button
      type="button"
      onClick={() => void copy()}
      className="inline-flex min-h-9 items-center gap-1.5 rounded-sm px-2 text-sm text-accent hover:bg-tile pointer-coarse:min-h-11"
    >
      <Icon aria-hidden="true" size={15} />
      <span aria-live="polite">{done ? "Copied" : `Copy ${what}`}</span>
    </button>
  );
}
