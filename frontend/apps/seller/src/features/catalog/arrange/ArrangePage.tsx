/** What products are put into and made of, arranged by administrators for all sellers. */
import { PageHead } from "../../../app/PageHead";
import { PlaceList } from "./PlaceList";

export function ArrangePage() {
  return (
    <>
      <PageHead title="Catalogue">
        What all sellers put their pieces into, and what these are made of
      </PageHead>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 xl:grid-cols-2">
        <PlaceList kind="category" />
        <PlaceList kind="material" />
      </div>
    </>
  );
}
