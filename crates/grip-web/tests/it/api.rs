use crate::{
    http::get,
    town::{server, town},
};

#[test]
fn the_answer_is_that_of_the_pipeline() {
    let answer = get(server(), "/api/v1/prognose");
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    assert_eq!((answer.header("api-version"), answer.header("cache-control")), ("1.1.0", "no-store"));
    let theirs: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    // Through text, because that is what a program reads: a float then is the float nearest to what was written.
    let ours = serde_json::to_string(&*town().year_end()).expect("JSON");
    assert_eq!(theirs, serde_json::from_str::<serde_json::Value>(&ours).expect("JSON"));
    assert_eq!(theirs["unit"], "eurocent");
}

#[test]
fn problems_are_for_programs() {
    for (path, status, code) in [
        ("/api/v1/prognose?gemeente=0000", 400, "GW003"),
        ("/api/v1/prognose?peildatum=x", 400, "GW002"),
        ("/api/v1/nergens", 404, "GW005"),
    ] {
        let answer = get(server(), path);
        assert_eq!((answer.status, answer.header("content-type")), (status, "application/problem+json"), "{path}");
        let problem: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        assert_eq!(problem["type"], format!("urn:grip:probleem:{code}"));
        assert_eq!(problem["status"], status);
        for member in ["title", "detail", "instance", "hint"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{member}");
        }
    }
}
