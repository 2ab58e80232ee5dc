//! Compiles the server anew when the apps that it carries were built anew.

fn main() {
    for folder in ["apps/customer/dist", "apps/seller/dist", "packages/api-docs/dist"] {
        println!("cargo::rerun-if-changed=../../frontend/{folder}");
    }
    println!("cargo::rerun-if-changed=../../assets/demo/pictures");
    println!("cargo::rerun-if-changed=build.rs");
}
