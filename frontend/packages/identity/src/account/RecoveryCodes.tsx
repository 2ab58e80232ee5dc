/** The recovery codes, shown once: to be copied, downloaded or printed before the dialog is closed. */
import { Button, CopyButton, Dialog, downloadText } from "@carat/ui";
import { Download, Printer } from "lucide-react";

interface Props {
  codes: readonly string[] | undefined;
  onClose: () => void;
}

const action =
  "inline-flex min-h-9 items-center gap-1.5 rounded-sm px-2 text-sm text-accent hover:bg-tile pointer-coarse:min-h-11 print:hidden";

export function RecoveryCodesDialog({ codes, onClose }: Props) {
  return (
    <Dialog
      stays
      open={codes !== undefined}
      onClose={onClose}
      title="Your recovery codes"
      footer={
        <div className="flex justify-end print:hidden">
          <Button onClick={onClose}>I have kept them</Button>
        </div>
      }
    >
      {codes && (
        <>
          <p className="text-[0.9375rem]">
            Without your authenticator, each of these lets you in once. Keep them where you will find them
            without this device. <strong className="font-medium">We show them only now.</strong>
          </p>
          <ul
            aria-label="Recovery codes"
            className="mt-4 grid grid-cols-2 gap-x-6 gap-y-1.5 rounded-sm bg-tile px-5 py-4 font-mono text-[0.9375rem] max-[22rem]:grid-cols-1"
          >
            {codes.map((code) => (
              <li key={code} className="select-all">
                {code}
              </li>
            ))}
          </ul>
          <div className="mt-3 -ml-2 flex flex-wrap gap-1">
            <CopyButton text={codes.join("\n")} what="codes" />
            <button type="button" className={action} onClick={() => save(codes)}>
              <Download aria-hidden="true" size={15} />
              Download
            </button>
            <button type="button" className={action} onClick={() => window.print()}>
              <Printer aria-hidden="true" size={15} />
              Print
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function save(codes: readonly string[]) {
  const text = `Recovery codes of your account at ${window.location.host}\nEach is good once.\n\n${codes.join("\n")}\n`;
  downloadText(text, "recovery-codes.txt");
}
