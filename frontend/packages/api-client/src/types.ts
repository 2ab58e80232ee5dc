/** The short names of the API's shapes. The one place that knows how the generated file spells them. */
import type { components, operations } from "./schema.gen";

type Schemas = components["schemas"];

export type AdminUser = Schemas["AdminUser"];
export type BulkResult = Schemas["BulkResult"];
export type Cart = Schemas["Cart"];
export type CartLine = Schemas["CartLine"];
export type Category = Schemas["Category"];
export type CheckoutRequest = Schemas["CheckoutRequest"];
export type CreateProductRequest = Schemas["CreateProductRequest"];
export type Image = Schemas["Image"];
export type LoginRequest = Schemas["LoginRequest"];
export type Material = Schemas["Material"];
export type Money = Schemas["Money"];
export type Order = Schemas["Order"];
export type OrderLine = Schemas["OrderLine"];
export type OrderPage = Schemas["OrderPage"];
export type OrderStatus = Schemas["OrderStatus"];
export type Product = Schemas["Product"];
export type ProductPage = Schemas["ProductPage"];
export type ProductQuery = NonNullable<operations["list_products"]["parameters"]["query"]>;
export type RegisterRequest = Schemas["RegisterRequest"];
export type SecurityEvent = Schemas["SecurityEvent"];
export type SellerOrder = Schemas["SellerOrder"];
export type SellerOrderPage = Schemas["SellerOrderPage"];
export type SellerSummary = Schemas["SellerSummary"];
export type ShippingAddress = Schemas["ShippingAddress"];
export type UpdateAdminUserRequest = Schemas["UpdateAdminUserRequest"];
export type UpdateProductRequest = Schemas["UpdateProductRequest"];
export type User = Schemas["User"];
export type Variant = Schemas["Variant"];
