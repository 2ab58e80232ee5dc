/**
 * Loads a part of the page when it is first needed, and answers with it as soon as it is there. Unlike a suspended component it
 * appears in the very moment in which it arrives.
 */
import { useEffect, useState } from "react";

export function useLoaded<Part>(needed: boolean, load: () => Promise<Part>): Part | undefined {
  const [part, setPart] = useState<Part>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the way to load it does not change.
  useEffect(() => {
    if (needed) void load().then((loaded) => setPart(() => loaded));
  }, [needed]);
  return part;
}
