//! Reads the workspace once: packages from `cargo metadata`, manifests and Rust sources from the disk.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

use super::source::Source;

pub struct Workspace {
    pub packages: Vec<Package>,
    pub manifests: Vec<Manifest>,
    pub sources: Vec<Source>,
}

pub struct Package {
    pub name: String,
    pub manifest: String,
    pub dependencies: Vec<Dependency>,
}

pub struct Dependency {
    pub name: String,
    /// A crate of this workspace.
    pub inner: bool,
    pub only_in_tests: bool,
}

pub struct Manifest {
    pub path: String,
    pub text: String,
}

impl Workspace {
    pub fn read(root: &Path) -> Result<Self, Box<dyn Error>> {
        let metadata = MetadataCommand::new().current_dir(root).no_deps().exec()?;
        let root = metadata.workspace_root.as_std_path();
        let mut manifests = vec![Manifest::read(root, &root.join("Cargo.toml"))?];
        let mut sources = Vec::new();
        for package in metadata.workspace_packages() {
            manifests.push(Manifest::read(root, package.manifest_path.as_std_path())?);
            let folder = package.manifest_path.as_std_path().parent().unwrap_or(root);
            for file in rust_files(folder)? {
                let text = fs::read_to_string(&file)?;
                sources.push(Source::new(&package.name, &relative(root, &file), &text));
            }
        }
        sources.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(Self { packages: packages(&metadata), manifests, sources })
    }
}

impl Package {
    /// The crates of this workspace that this one depends on.
    pub fn inner_dependencies(&self, only_in_tests: bool) -> Vec<&str> {
        let wanted = |dependency: &&Dependency| dependency.inner && dependency.only_in_tests == only_in_tests;
        self.dependencies.iter().filter(wanted).map(|dependency| dependency.name.as_str()).collect()
    }
}

impl Manifest {
    fn read(root: &Path, path: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(Self { path: relative(root, path), text: fs::read_to_string(path)? })
    }
}

fn packages(metadata: &Metadata) -> Vec<Package> {
    let root = &metadata.workspace_root;
    let package = |package: &cargo_metadata::Package| Package {
        name: package.name.to_string(),
        manifest: relative(root.as_std_path(), package.manifest_path.as_std_path()),
        dependencies: package.dependencies.iter().map(dependency).collect(),
    };
    metadata.workspace_packages().into_iter().map(package).collect()
}

fn dependency(dependency: &cargo_metadata::Dependency) -> Dependency {
    Dependency {
        name: dependency.name.clone(),
        inner: dependency.path.is_some(),
        only_in_tests: dependency.kind == DependencyKind::Development,
    }
}

/// The Rust files of one package; whatever else lies in its folder (another package, a target folder) is not its own.
fn rust_files(package: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(package)? {
        let path = entry?.path();
        if path.is_dir() && is_source_folder(&path) {
            collect(&path, &mut files)?;
        } else if is_rust(&path) {
            files.push(path);
        }
    }
    Ok(files)
}

fn is_source_folder(path: &Path) -> bool {
    ["src", "tests", "benches", "examples"].iter().any(|name| path.ends_with(name))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if is_rust(&path) {
            files.push(path);
        }
    }
    Ok(())
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

/// The path below `root`, with `/` on every system.
fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
