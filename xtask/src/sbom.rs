//! The bill of materials: every crate that is in the program, and every package whose style is, in the form of CycloneDX 1.6 (ECMA-424), from what
//! Cargo knows and a lock file says. Two of the same tree are the same bytes.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use base64::Engine as _;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Failure, cargo, components, root};

/// What a release is built for.
const TARGET: &str = "x86_64-unknown-linux-gnu";
/// The program.
const PROGRAM: &str = "grip";
/// The crate in which the style of components is.
const PAGES: &str = "grip-web";

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    description: Option<String>,
    repository: Option<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

/// `Cargo.lock`, of which the digests are wanted.
#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

/// Writes it to a file.
pub(crate) fn write(to: &Path) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(&make()?)?;
    fs_err::write(to, format!("{text}\n"))?;
    println!("wrote {}", to.display());
    Ok(())
}

/// Makes it, without a network.
pub(crate) fn make() -> Result<Value, Failure> {
    let arguments = ["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", TARGET];
    let output = cargo().args(arguments).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
    let lock: Lock = toml::from_str(&fs_err::read_to_string(root().join("Cargo.lock"))?)?;
    of(&metadata, &lock)
}

fn of(metadata: &Metadata, lock: &Lock) -> Result<Value, Failure> {
    let packages: BTreeMap<&str, &Package> =
        metadata.packages.iter().map(|package| (package.id.as_str(), package)).collect();
    let nodes: BTreeMap<&str, &Node> = metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let program = metadata.packages.iter().find(|package| package.name == PROGRAM && package.source.is_none());
    let program = program.ok_or("there is no package of the program")?;
    // What is compiled into the program, and what only helps to build it.
    let inside = reach(&nodes, [program.id.as_str()], |kind| kind.is_none());
    let all = reach(&nodes, [program.id.as_str()], |kind| kind != Some("dev"));
    let digests: BTreeMap<(&str, &str), &str> = lock
        .package
        .iter()
        .filter_map(|locked| Some(((locked.name.as_str(), locked.version.as_str()), locked.checksum.as_deref()?)))
        .collect();
    let (mut components, mut dependencies) = (Vec::new(), Vec::new());
    for id in &all {
        let package = packages.get(id).ok_or("a dependency is no package")?;
        let on: BTreeSet<String> = nodes
            .get(id)
            .into_iter()
            .flat_map(|node| wanted(node, |kind| kind != Some("dev")))
            .filter_map(|dependency| packages.get(dependency).map(|package| reference(package)))
            .collect();
        dependencies.push(json!({ "ref": reference(package), "dependsOn": on }));
        if package.id != program.id {
            let digest = digests.get(&(package.name.as_str(), package.version.as_str()));
            components.push(component(package, "library", digest.copied(), inside.contains(id)));
        }
    }
    for (name, package) in components::packages()? {
        let component = styled(&name, &package)?;
        let pages = dependencies
            .iter_mut()
            .find(|found| found["ref"].as_str().is_some_and(|of| of.contains(&format!("/{PAGES}@"))));
        if let Some(on) = pages.and_then(|pages| pages["dependsOn"].as_array_mut()) {
            on.push(component["bom-ref"].clone());
        }
        dependencies.push(json!({ "ref": component["bom-ref"], "dependsOn": [] }));
        components.push(component);
    }
    let text = |value: &Value| value["bom-ref"].as_str().or(value["ref"].as_str()).unwrap_or_default().to_owned();
    components.sort_by_key(text);
    dependencies.sort_by_key(text);
    Ok(json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": component(program, "application", None, true),
            "tools": { "components": [{ "type": "application", "name": "xtask sbom", "version": program.version }] },
        },
        "components": components,
        "dependencies": dependencies,
    }))
}

/// Everything that can be reached over dependencies of a kind.
fn reach<'m>(
    nodes: &BTreeMap<&'m str, &'m Node>,
    from: impl IntoIterator<Item = &'m str>,
    takes: impl Fn(Option<&str>) -> bool + Copy,
) -> BTreeSet<&'m str> {
    let (mut found, mut pending) = (BTreeSet::new(), from.into_iter().collect::<Vec<_>>());
    while let Some(id) = pending.pop() {
        if found.insert(id) {
            pending.extend(nodes.get(id).into_iter().flat_map(|node| wanted(node, takes)));
        }
    }
    found
}

fn wanted<'m>(node: &'m Node, takes: impl Fn(Option<&str>) -> bool) -> impl Iterator<Item = &'m str> {
    let dependencies = node.deps.iter();
    let taken =
        dependencies.filter(move |dependency| dependency.dep_kinds.iter().any(|kind| takes(kind.kind.as_deref())));
    taken.map(|dependency| dependency.pkg.as_str())
}

/// What a component is called in the file: its package URL, which is unique as versions of one name differ.
fn reference(package: &Package) -> String {
    match package.source {
        Some(_) => format!("pkg:cargo/{}@{}", package.name, package.version),
        // Not in a registry: a crate of this repository.
        None => format!("pkg:generic/{}@{}", package.name, package.version),
    }
}

fn component(package: &Package, kind: &str, digest: Option<&str>, is_inside: bool) -> Value {
    let mut component = json!({
        "type": kind,
        "bom-ref": reference(package),
        "name": package.name,
        "version": package.version,
        "purl": reference(package),
        "scope": if is_inside { "required" } else { "excluded" },
    });
    if let Some(licence) = &package.license {
        // Old crates write `MIT/Apache-2.0`, which SPDX has no more.
        component["licenses"] = json!([{ "expression": plain(&licence.replace('/', " OR ")) }]);
    }
    if let Some(description) = &package.description {
        component["description"] = json!(plain(description));
    }
    if let Some(digest) = digest {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": digest }]);
    }
    if let Some(repository) = &package.repository {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    component
}

/// A package of npm of which the style is in the program, though no code.
fn styled(name: &str, package: &components::Package) -> Result<Value, Failure> {
    let reference = format!("pkg:npm/{}@{}", name.replacen('@', "%40", 1), package.version);
    let digest = package.integrity.strip_prefix("sha512-").ok_or("a package without its SHA-512")?;
    let digest: String =
        base64::engine::general_purpose::STANDARD.decode(digest)?.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(json!({
        "type": "library",
        "bom-ref": reference,
        "name": name,
        "version": package.version,
        "purl": reference,
        "scope": "required",
        "licenses": [{ "expression": package.license }],
        "hashes": [{ "alg": "SHA-512", "content": digest }],
    }))
}

/// On one line, with one blank between words.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    fn text<'v>(value: &'v Value, name: &str) -> &'v str {
        value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
    }

    /// What schema 1.6 requires: `bomFormat` and `specVersion`; `type` and `name` of a component; `ref` of a dependency; `alg` and `content` of a
    /// hash, and its form; references that are unique and lead somewhere.
    #[test]
    fn the_bill_of_materials_has_what_its_schema_requires() {
        let bill = super::make().expect("made");
        assert_eq!((text(&bill, "bomFormat"), text(&bill, "specVersion")), ("CycloneDX", "1.6"));
        assert_eq!(bill["version"], 1);
        let components = bill["components"].as_array().expect("components");
        assert!(components.len() > 300, "{}", components.len());
        let mut references = BTreeSet::from([text(&bill["metadata"]["component"], "bom-ref")]);
        for component in components {
            assert!(references.insert(text(component, "bom-ref")), "twice: {component}");
            assert_eq!(text(component, "type"), "library");
            let (name, version) = (text(component, "name"), text(component, "version"));
            let named = format!("/{}@{version}", name.replacen('@', "%40", 1));
            assert!(text(component, "purl").ends_with(&named), "{component}");
            let is_ours = name.starts_with("grip-");
            assert_eq!(component["hashes"].is_null(), is_ours, "{component}");
            if !is_ours {
                let hash = &component["hashes"][0];
                let digest = text(hash, "content");
                let is_style = text(component, "purl").starts_with("pkg:npm/");
                assert_eq!(text(hash, "alg"), if is_style { "SHA-512" } else { "SHA-256" });
                assert!(
                    digest.len() == if is_style { 128 } else { 64 }
                        && digest.bytes().all(|byte| byte.is_ascii_hexdigit()),
                    "{component}"
                );
            }
            assert!(!text(&component["licenses"][0], "expression").contains('/'), "{component}");
            assert!(["required", "excluded"].contains(&text(component, "scope")));
        }
        let dependencies = bill["dependencies"].as_array().expect("dependencies");
        assert_eq!(dependencies.len(), references.len());
        for dependency in dependencies {
            assert!(references.contains(text(dependency, "ref")));
            let on = dependency["dependsOn"].as_array().expect("references");
            assert!(
                on.iter().all(|other| other.as_str().is_some_and(|other| references.contains(other))),
                "{dependency}"
            );
        }
        // Built in, and only for building.
        let scope_of =
            |name: &str| components.iter().find(|found| found["name"] == name).map(|found| text(found, "scope"));
        assert_eq!((scope_of("datafusion"), scope_of("cc")), (Some("required"), Some("excluded")));
        assert_eq!(scope_of("@utrecht/table-css"), Some("required"));
        assert_eq!(super::make().expect("made again"), bill);
    }
}
