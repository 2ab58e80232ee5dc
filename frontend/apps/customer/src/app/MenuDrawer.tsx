/** The menu on narrow screens: every category, search, and the theme. */
import type { Category } from "@carat/api-client";
import { Dialog, ThemeToggle } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { Search } from "lucide-react";

interface Props {
  open: boolean;
  onClose: () => void;
  categories: Category[];
}

const row = "flex min-h-12 items-center border-b border-line text-lg";

export function MenuDrawer({ open, onClose, categories }: Props) {
  return (
    <Dialog open={open} onClose={onClose} title="Menu" placement="left">
      <ul className="-mt-2">
        <li>
          <Link to="/products" hash="search" onClick={onClose} className={`${row} gap-3`}>
            <Search aria-hidden="true" size={20} strokeWidth={1.5} /> Search
          </Link>
        </li>
        <li>
          <Link to="/products" onClick={onClose} className={row}>
            All pieces
          </Link>
        </li>
        {categories
          .filter(({ parent_id }) => parent_id === null)
          .map((parent) => (
            <li key={parent.id}>
              <Link to="/products" search={{ category: [parent.slug] }} onClick={onClose} className={row}>
                {parent.name}
              </Link>
              <ul className="pl-4">
                {categories
                  .filter(({ parent_id }) => parent_id === parent.id)
                  .map(({ id, slug, name }) => (
                    <li key={id}>
                      <Link
                        to="/products"
                        search={{ category: [slug] }}
                        onClick={onClose}
                        className="flex min-h-11 items-center border-b border-line text-muted"
                      >
                        {name}
                      </Link>
                    </li>
                  ))}
              </ul>
            </li>
          ))}
      </ul>
      <p className="flex items-center justify-between py-3 text-muted">
        Theme <ThemeToggle className="grid size-11 place-items-center rounded-sm text-ink hover:bg-tile" />
      </p>
    </Dialog>
  );
}
