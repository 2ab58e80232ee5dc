//! The rules of the house as a program. `house` holds them as data, each other module checks one kind of rule and
//! answers with findings. Text is enough for all of them: there is no Rust parser here, only a reader that tells code
//! from comments, literals and tests.

mod arrows;
mod contexts;
mod domain_purity;
mod files;
mod finding;
mod house;
mod manifests;
mod mirror;
mod report;
mod source;
mod technology;
mod words;
mod workspace;

use std::error::Error;
use std::path::Path;

use report::Report;
use workspace::Workspace;

/// Checks every rule on the workspace that lives in `root`.
pub fn check(root: &Path) -> Result<Report, Box<dyn Error>> {
    let workspace = Workspace::read(root)?;
    let findings = [
        arrows::check(&workspace.packages),
        manifests::check(&workspace.manifests),
        mirror::check(&workspace.sources),
        contexts::check(&workspace.sources),
        technology::check(&workspace.sources),
        domain_purity::check(&workspace.sources),
        files::check(&workspace.sources),
        words::check(&workspace.sources),
    ];
    Ok(Report::new(&workspace, findings.concat()))
}
