/** What the overview counts in the newest orders and products. */
import type { Product, SellerOrder } from "@carat/api-client";

export function countOrders(orders: Pick<SellerOrder, "status">[], status: SellerOrder["status"]): number {
  return orders.filter((order) => order.status === status).length;
}

export function drafts<Each extends Pick<Product, "status">>(products: Each[]): Each[] {
  return products.filter(({ status }) => status === "draft");
}

/** A count of a list that may go on: "100+" says that there may be more, and of none it only says that none was seen. */
export function inFigures(count: number, listGoesOn: boolean): string {
  return listGoesOn && count > 0 ? `${count}+` : String(count);
}
