/** Everything that the keyboard can do. */
import { Dialog } from "@carat/ui";
import { account, type Place } from "./places";

type Shortcut = [keys: string[], does: string];

const shortcutsFor = (places: Place[]): Shortcut[] => {
  const sells = places.some(({ to }) => to === "/products");
  return [
    [["Ctrl", "K"], sells ? "Go anywhere, find a product" : "Go anywhere, find a user"],
    ...[...places, account].map(({ key, name }): Shortcut => [["g", key], `Go to ${name}`]),
    ...(sells ? [[["n"], "New product"] satisfies Shortcut] : []),
    [["/"], "Search in the list"],
    [["↓", "↑"], "Move through the rows, also j and k"],
    [["Enter"], "Open the row"],
    ...(sells ? [[["Ctrl", "S"], "Save"] satisfies Shortcut] : []),
    [["?"], "This list"],
  ];
};

export default function ShortcutsDialog({ places, onClose }: { places: Place[]; onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} title="Shortcuts">
      <dl className="divide-y divide-line">
        {shortcutsFor(places).map(([keys, does]) => (
          <div key={does} className="flex items-center justify-between gap-4 py-2">
            <dt>{does}</dt>
            <dd className="flex gap-1.5">
              {keys.map((each) => (
                <kbd
                  key={each}
                  className="min-w-7 rounded-sm border border-line bg-tile px-1.5 text-center font-sans text-sm leading-6"
                >
                  {each}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
