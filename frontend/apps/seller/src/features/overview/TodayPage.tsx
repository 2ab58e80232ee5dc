/** The first page: what matters today, from the newest orders and products, and nothing that they do not say. */
import { buttonClass } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { today } from "../../app/dates";
import { PageHead } from "../../app/PageHead";
import { Panel, PanelProblem } from "../../app/Panel";
import { newestProducts } from "../catalog/queries";
import { shortages } from "../catalog/stock";
import { useUser } from "../identity/session";
import { OrderTable, OrderTableSkeleton } from "../orders/OrderTable";
import { newestOrders } from "../orders/queries";
import { countOrders, drafts, inFigures } from "./counts";
import { Figures } from "./Figures";
import { DraftList, ShortageList } from "./ProductLists";

const shownOrders = 6;

export function TodayPage() {
  const { shop_name, name } = useUser();
  return (
    <>
      <PageHead
        title={shop_name ?? name ?? "Your shop"}
        actions={
          <Link to="/products/new" search={{}} className={buttonClass()}>
            <Plus aria-hidden="true" size={18} /> New product
          </Link>
        }
      >
        {today()}
      </PageHead>
      <FiguresRow />
      <div className="mt-4 grid grid-cols-[minmax(0,1fr)] items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <NewestOrders />
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:grid-cols-2 xl:grid-cols-1">
          <ShortPieces />
          <Drafts />
        </div>
      </div>
    </>
  );
}

function FiguresRow() {
  const orders = useQuery(newestOrders);
  const products = useQuery(newestProducts);
  const orderFigure = (status: "paid" | "pending_payment") =>
    figure(orders, ({ data }) => countOrders(data, status));
  return (
    <Figures
      figures={[
        {
          name: "Paid orders",
          value: orderFigure("paid"),
          link: { to: "/orders", search: { status: "paid" } },
        },
        {
          name: "Awaiting payment",
          value: orderFigure("pending_payment"),
          link: { to: "/orders", search: { status: "pending_payment" } },
        },
        {
          name: "Running short",
          value: figure(products, ({ data }) => shortages(data).length),
          link: { to: "/", hash: "short" },
        },
        {
          name: "Drafts",
          value: figure(products, ({ data }) => drafts(data).length),
          link: { to: "/products", search: { status: "draft" } },
        },
      ]}
    />
  );
}

/** A count from a list's first page: `undefined` while it is on the way, `null` where it could not be had. */
function figure<Page extends { next_cursor: string | null }>(
  { data, isError }: { data: Page | undefined; isError: boolean },
  count: (page: Page) => number,
): string | null | undefined {
  if (!data) return isError ? null : undefined;
  return inFigures(count(data), data.next_cursor !== null);
}

function NewestOrders() {
  const orders = useQuery(newestOrders);
  return (
    <Panel title="Newest orders" more={<Link to="/orders">All orders</Link>}>
      {orders.isPending && <OrderTableSkeleton rows={shownOrders} />}
      {orders.isError && !orders.data && <PanelProblem query={orders} />}
      {orders.data?.data.length === 0 && (
        <p className="py-6 text-muted">No orders yet. The first one appears here the moment it is placed.</p>
      )}
      {orders.data && orders.data.data.length > 0 && (
        <OrderTable orders={orders.data.data.slice(0, shownOrders)} />
      )}
    </Panel>
  );
}

function ShortPieces() {
  const products = useQuery(newestProducts);
  return (
    <Panel id="short" title="Running short">
      {products.isError && !products.data ? (
        <PanelProblem query={products} />
      ) : (
        <ShortageList shortages={products.data && shortages(products.data.data)} />
      )}
    </Panel>
  );
}

function Drafts() {
  const products = useQuery(newestProducts);
  const found = products.data && drafts(products.data.data);
  if (!found || found.length === 0) return null;
  return (
    <Panel
      title="Drafts"
      more={
        <Link to="/products" search={{ status: "draft" }}>
          All drafts
        </Link>
      }
    >
      <DraftList products={found} />
    </Panel>
  );
}
