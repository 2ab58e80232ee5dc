/** Everything that the keyboard can do. */
import { Dialog } from "@carat/ui";
import { places } from "./places";

const shortcuts: [keys: string[], does: string][] = [
  [["Ctrl", "K"], "Go anywhere, find a product"],
  ...places.map(({ key, name }): [string[], string] => [["g", key], `Go to ${name}`]),
  [["n"], "New product"],
  [["/"], "Search in the list"],
  [["↓", "↑"], "Move through the rows, also j and k"],
  [["Enter"], "Open the row"],
  [["Ctrl", "S"], "Save"],
  [["?"], "This list"],
];

export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} title="Shortcuts">
      <dl className="divide-y divide-line">
        {shortcuts.map(([keys, does]) => (
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
