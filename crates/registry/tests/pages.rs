//! The catalogue as a stranger sees it.
mod common;

use common::Place;

#[tokio::test]
async fn anybody_browses_and_searches_the_catalogue() {
    let place = Place::new().await;
    let (status, body) = place.get("/catalogue").await;
    assert_eq!(status, 200);
    for there in ["registers", "/catalogue/population", "Shared on condition", "public-security in en"] {
        assert!(body.contains(there), "{there} in {body}");
    }
    let (_, body) = place.get("/catalogue?q=%E5%A9%9A%E5%A7%BB&base=population").await;
    assert!(body.contains("One register") && body.contains("Population register"), "{body}");
    let (_, body) = place.get("/catalogue?q=%3Cscript%3E&base=nothing").await;
    assert!(body.contains("No register fits") && !body.contains("<script>"), "{body}");
}

#[tokio::test]
async fn a_resource_tells_its_terms_and_fields() {
    let place = Place::new().await;
    let (status, body) = place.get("/catalogue/population").await;
    assert_eq!(status, 200);
    for there in ["Resident ID number", "101001/000001", "Sensitive personal", "Widowed", "1 August 2025"] {
        assert!(body.contains(there), "{there} in {body}");
    }
    assert!(!body.contains("registry-"), "a key without a text in {body}");
    assert_eq!(place.get("/catalogue/nothing").await.0, 404);
}
