/** Whose events are shown: a button that names them, and a search for somebody else by name, address or shop. */
import { Dialog, Skeleton } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { UserRound, X } from "lucide-react";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { PanelProblem } from "../../app/Panel";
import { userFinder, userQuery } from "../users/queries";
import { callName } from "../users/words";

interface Props {
  user: string | undefined;
  onChange: (user: string | undefined) => void;
}

const look =
  "inline-flex min-h-11 min-w-0 items-center gap-2 border border-edge bg-surface px-3 text-base hover:border-ink sm:text-[0.9375rem] lg:min-h-10";

export function UserPicker({ user, onChange }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <div className="flex min-w-0 max-sm:w-full">
      <button
        type="button"
        onClick={() => setOpen(true)}
        className={`${look} rounded-l-sm flex-1 ${user ? "" : "rounded-r-sm"}`}
      >
        <UserRound aria-hidden="true" size={16} className="shrink-0 text-muted" />
        <span className="truncate">{user ? <Chosen id={user} /> : "Every user"}</span>
      </button>
      {user && (
        <button
          type="button"
          aria-label="Show every user"
          onClick={() => onChange(undefined)}
          className={`${look} -ml-px rounded-r-sm`}
        >
          <X aria-hidden="true" size={16} />
        </button>
      )}
      {open && (
        <Search
          onClose={() => setOpen(false)}
          onChoose={(id) => {
            setOpen(false);
            onChange(id);
          }}
        />
      )}
    </div>
  );
}

function Chosen({ id }: { id: string }) {
  const user = useQuery(userQuery(id));
  if (user.isError) return "Unknown user";
  return user.data ? user.data.email : "One user";
}

function Search({ onClose, onChoose }: { onClose: () => void; onChoose: (id: string) => void }) {
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const q = useDeferredValue(text.trim());
  const found = useQuery(userFinder(q));
  useEffect(() => field.current?.focus(), []);
  return (
    <Dialog open onClose={onClose} title="Whose events?">
      <input
        ref={field}
        type="search"
        aria-label="Search name, e-mail or shop"
        placeholder="Search name, e-mail or shop"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="block w-full rounded-sm border border-edge bg-surface px-3 py-2.5 text-base placeholder:text-muted focus-visible:outline-offset-0"
      />
      <div className="mt-3 min-h-80">
        {found.isPending && <Skeleton className="h-64" />}
        {found.isError && <PanelProblem query={found} />}
        <ul aria-label="Users">
          {found.data?.map((each) => (
            <li key={each.id}>
              <button
                type="button"
                onClick={() => onChoose(each.id)}
                className="flex min-h-11 w-full items-center justify-between gap-3 rounded-sm px-3 text-left hover:bg-tile"
              >
                <span className="truncate">{callName(each)}</span>
                {each.name && <span className="truncate text-sm text-muted">{each.email}</span>}
              </button>
            </li>
          ))}
        </ul>
        <p role="status" className={found.data?.length ? "sr-only" : "px-3 text-muted"}>
          {found.data && (found.data.length === 0 ? "Nobody matches." : `${found.data.length} users`)}
        </p>
      </div>
    </Dialog>
  );
}
