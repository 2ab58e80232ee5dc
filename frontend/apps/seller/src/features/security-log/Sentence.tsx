/** An event's sentence, with the people in it as links to their accounts. */
import { Link } from "@tanstack/react-router";
import { useUser } from "../identity/session";
import { personName, sentenceOf } from "./sentences";
import type { NamedEvent } from "./use-named-events";

export function Sentence({ event }: { event: NamedEvent }) {
  const { id: me } = useUser();
  return (
    <span className="wrap-anywhere">
      {sentenceOf(event).map((piece) => {
        if ("text" in piece) return piece.text;
        const id = piece.person === "who" ? event.user_id : event.actor_id;
        const name = personName(piece.person, event, me);
        if (!id || name === "You")
          return (
            <strong key={piece.person} className="font-medium">
              {name}
            </strong>
          );
        return (
          <Link
            key={piece.person}
            to="/users/$id"
            params={{ id }}
            className="font-medium underline decoration-line underline-offset-4 hover:decoration-current"
          >
            {name}
          </Link>
        );
      })}
    </span>
  );
}
