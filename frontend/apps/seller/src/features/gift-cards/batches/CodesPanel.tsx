/** The codes of a batch, downloaded once. Before that it is asked, since nobody can show them again. */
import type { GiftCardBatch } from "@carat/api-client";
import { shownProblem } from "@carat/identity";
import { Button, Dialog, downloadBlob, Notice, ProblemNotice } from "@carat/ui";
import { Download } from "lucide-react";
import { useState } from "react";
import { formatDay, formatTime } from "../../../app/dates";
import { Panel } from "../../../app/Panel";
import { useDownloadCodes } from "../queries";
import { cardCount } from "../words";

export function CodesPanel({ batch }: { batch: GiftCardBatch }) {
  return (
    <Panel title="The codes">
      <div className="flex flex-col items-start gap-3 pb-1">
        <Codes batch={batch} />
      </div>
    </Panel>
  );
}

function Codes({ batch }: { batch: GiftCardBatch }) {
  if (batch.status === "downloaded") {
    return (
      <p role="status" className="text-muted">
        They were downloaded{batch.downloaded_at && ` ${formatTime(batch.downloaded_at)}`}, and are kept
        nowhere here. If the file is lost, disable the batch and issue another one.
      </p>
    );
  }
  if (batch.status === "lapsed") {
    return (
      <Notice tone="danger" title="Nobody downloaded the codes in time">
        <p>They are forgotten, so nobody can use these cards. Disable the batch and issue another one.</p>
      </Notice>
    );
  }
  return <ToDownload batch={batch} />;
}

function ToDownload({ batch: { id, quantity, codes_until, created_at } }: { batch: GiftCardBatch }) {
  const [asked, setAsked] = useState(false);
  const download = useDownloadCodes(id);
  const start = () => {
    setAsked(false);
    download.mutate(undefined, {
      onSuccess: (file) => downloadBlob(file, `gift-cards-${created_at.slice(0, 10)}.csv`),
    });
  };
  return (
    <>
      <p className="text-muted">
        {cardCount(quantity)} are issued. Their codes can be downloaded once
        {codes_until && `, until ${formatDay(codes_until)}`}: whoever has a code has the money.
      </p>
      <ProblemNotice problem={shownProblem(download.error)} />
      <Button pending={download.isPending} onClick={() => setAsked(true)}>
        <Download aria-hidden="true" size={17} /> Download the codes
      </Button>
      <Dialog
        open={asked}
        onClose={() => setAsked(false)}
        title="Download the codes now?"
        footer={
          <div className="flex flex-wrap justify-end gap-2">
            <Button variant="secondary" onClick={() => setAsked(false)}>
              Not yet
            </Button>
            <Button onClick={start}>Download them</Button>
          </div>
        }
      >
        <p>
          With the download the shop forgets them. Keep the file where only those see it who may spend the
          money.
        </p>
      </Dialog>
    </>
  );
}
