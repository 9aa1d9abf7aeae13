//! The pub/sub interface of GovStack's information mediator.
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tests::TestApp;
use tower::ServiceExt;

struct Room {
    router: Router,
    client: &'static str,
}

impl Room {
    async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("/r1/CN-99/GOV/990100/registry{path}"))
            .header("x-govstack-client", self.client)
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }
}

#[tokio::test]
async fn govstack_publishes_pulls_and_confirms() {
    let app = TestApp::new().await;
    let room = Room { router: app.app().events.govstack_router(), client: "CN-99/GOV/990100/police" };
    let status = async |method: &str, path: &str, body: Value| room.call(method, path, body).await.0;
    let kind = json!({"eventType": "newBirth", "schema": {"type": "object", "required": ["place"],
                      "properties": {"place": {"type": "string"}}}});
    assert_eq!(status("GET", "/api/v1/eventType", Value::Null).await, 204);
    assert_eq!(status("POST", "/api/v1/eventType", kind.clone()).await, 200);
    assert_eq!(status("POST", "/api/v1/eventType", kind.clone()).await, 409);
    assert_eq!(status("POST", "/api/v1/eventType", json!({"eventType": "a b"})).await, 400);
    assert_eq!(room.call("GET", "/api/v1/eventType", Value::Null).await, (200, json!(["newBirth"])));
    assert_eq!(room.call("GET", "/api/v1/eventType/newBirth", Value::Null).await, (200, kind));
    assert_eq!(status("GET", "/api/v1/eventType/none", Value::Null).await, 204);

    let item = json!({"eventType": "newBirth", "delivery": "PULL"});
    assert_eq!(status("GET", "/api/v1/subs/newBirth", Value::Null).await, 404);
    assert_eq!(status("POST", "/api/v1/subs/newBirth", item.clone()).await, 200);
    assert_eq!(status("POST", "/api/v1/subs/newBirth", item).await, 409);
    assert_eq!(status("POST", "/api/v1/subs/none", json!({"eventType": "none"})).await, 400);
    assert_eq!(
        status("PATCH", "/api/v1/subs/newBirth", json!({"eventType": "newBirth", "delivery": "NONE"})).await,
        400
    );
    let (code, own) = room.call("GET", "/api/v1/subs/newBirth", Value::Null).await;
    assert_eq!(
        (code, &own["delivery"], &own["subscriberId"]["applicationCode"]),
        (200, &json!("PULL"), &json!("police"))
    );
    assert_eq!(room.call("GET", "/api/v1/subs", Value::Null).await.1.as_array().unwrap().len(), 1);

    assert_eq!(status("POST", "/pub/v1/newBirth", json!({"eventType": "newBirth", "event": {}})).await, 400);
    assert_eq!(status("POST", "/pub/v1/none", json!({"eventType": "none", "event": {}})).await, 404);
    assert_eq!(status("GET", "/pull/v1/newBirth", Value::Null).await, 404);
    let mut ids = Vec::new();
    for place in ["a", "b", "c"] {
        let body = json!({"eventType": "newBirth", "event": {"place": place}});
        let (code, made) = room.call("POST", "/pub/v1/newBirth", body).await;
        assert_eq!(code, 201);
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    let (_, first) = room.call("GET", "/pull/v1/newBirth", Value::Null).await;
    assert_eq!(
        (&first["id"], &first["event"], &first["sequence"]),
        (&json!(ids[0]), &json!({"place": "a"}), &json!(1))
    );
    assert_eq!(
        room.call("GET", "/pull/v1/newBirth", Value::Null).await.1["id"],
        json!(ids[0]),
        "until it is confirmed"
    );
    assert_eq!(status("DELETE", &format!("/pull/v1/newBirth/{}", ids[0]), Value::Null).await, 204);
    assert_eq!(status("DELETE", &format!("/pull/v1/newBirth/{}", ids[0]), Value::Null).await, 404);
    let path = format!("/pub/v1/newBirth/{}", ids[1]);
    assert_eq!(room.call("GET", &path, Value::Null).await.1["event"], json!({"place": "b"}));
    assert_eq!(status("DELETE", &path, Value::Null).await, 204);
    assert_eq!(
        room.call("GET", "/pull/v1/newBirth", Value::Null).await.1["id"],
        json!(ids[2]),
        "the second was withdrawn"
    );
    assert_eq!(status("DELETE", "/api/v1/subs/newBirth", Value::Null).await, 204);
    assert_eq!(status("GET", "/pull/v1/newBirth", Value::Null).await, 404);
    assert_eq!(status("DELETE", "/api/v1/eventType/newBirth", Value::Null).await, 204);
    assert_eq!(status("DELETE", "/api/v1/eventType/newBirth", Value::Null).await, 404);
    let stranger = Room { router: room.router.clone(), client: "nobody" };
    assert_eq!(stranger.call("GET", "/api/v1/subs", Value::Null).await.0, 400);
}
