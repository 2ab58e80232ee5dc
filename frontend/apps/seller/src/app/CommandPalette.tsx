/** The palette: a few letters lead to any place, action, product or user, without leaving the keyboard. */
import type { User } from "@carat/api-client";
import { Dialog } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import clsx from "clsx";
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useRef, useState } from "react";
import { productFinder } from "../features/catalog/queries";
import { userFinder } from "../features/users/queries";
import { type Command, commandsFor } from "./commands";

export default function CommandPalette({
  role,
  onClose,
  onShortcuts,
}: {
  role: User["role"];
  onClose: () => void;
  onShortcuts: () => void;
}) {
  const router = useRouter();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const listId = useId();
  const wanted = useDeferredValue(text.trim());
  const ask = wanted.length > 1;
  const products = useQuery({ ...productFinder(wanted), enabled: ask && role === "seller" }).data;
  const users = useQuery({ ...userFinder(wanted), enabled: ask && role === "admin" }).data;
  const commands = commandsFor(role, text, ask ? { products, users } : {});
  const hint = role === "admin" ? "A place, an action or a user" : "A place, an action or a product";
  const current = Math.min(chosen, commands.length - 1);

  useEffect(() => field.current?.focus(), []);

  const run = (command: Command | undefined) => {
    if (!command) return;
    if (command.to === "shortcuts") return onShortcuts();
    onClose();
    if (command.outside) window.location.assign(command.to);
    else void router.navigate({ href: command.to });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") run(commands[current]);
    if (step !== undefined) setChosen((current + step + commands.length) % Math.max(commands.length, 1));
    if (step !== undefined || event.key === "Enter") event.preventDefault();
  };

  return (
    <Dialog open onClose={onClose} title="Go to">
      <input
        ref={field}
        type="text"
        role="combobox"
        aria-label={hint}
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={commands[current] && `${listId}-${current}`}
        autoComplete="off"
        spellCheck={false}
        placeholder={hint}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
        className="block w-full rounded-sm border border-edge bg-surface px-3 py-2.5 text-base placeholder:text-muted focus-visible:outline-offset-0"
      />
      <div id={listId} role="listbox" aria-label="Results" className="mt-3 min-h-64">
        {commands.map((command, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard stays in the field above, which moves through the options.
          <div
            key={`${command.note} ${command.to}`}
            id={`${listId}-${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === current}
            onClick={() => run(command)}
            onPointerMove={() => setChosen(at)}
            className={clsx(
              "flex min-h-11 cursor-pointer items-center justify-between gap-3 rounded-sm px-3",
              at === current && "bg-accent-soft text-accent",
            )}
          >
            <span className="truncate">{command.name}</span>
            <span className="max-w-[60%] truncate text-sm text-muted">{command.note}</span>
          </div>
        ))}
      </div>
      <p role="status" className={clsx("text-sm text-muted", commands.length > 0 && "sr-only")}>
        {commands.length === 0 ? "Nothing has this name." : `${commands.length} results`}
      </p>
    </Dialog>
  );
}
