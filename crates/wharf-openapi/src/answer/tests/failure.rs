use expect_test::{Expect, expect};

use super::{Case, answer, check, shown};

#[track_caller]
fn check_text(case: Case, expected: Expect) {
    let shown = shown(&case.result());
    let text = shown
        .strip_prefix("error\n--\n")
        .and_then(|rest| rest.split("\n--\n").next());
    expected.assert_eq(text.unwrap_or(&shown));
}

#[test]
fn a_problem_is_one_structured_error() {
    check(
        answer(
            422,
            "application/problem+json",
            r#"{"type":"https://acme.test/out-of-range","title":"Bad request","status":422,"detail":"Age must be positive",
               "invalid-params":[{"name":"age","reason":"must be positive"}]}"#,
        )
        .header("X-Request-Id", "r-1"),
        expect![[r#"
            error
            --
            HTTP 422 Unprocessable Content: Age must be positive
            code: https://acme.test/out-of-range
            request id: r-1
            - age: must be positive
            hint: correct the fields that the server names
            --
            structured: {"status":422,"reason":"Unprocessable Content","code":"https://acme.test/out-of-range","message":"Age must be positive","fields":[{"field":"age","message":"must be positive"}],"request_id":"r-1","hint":"correct the fields that the server names"}"#]],
    );
}

#[test]
fn every_usual_shape_is_understood() {
    let json = |body: &str| answer(400, "application/json", body);
    check_text(
        json(r#"{"error":"invalid_grant","error_description":"Token expired"}"#),
        expect![[r#"
            HTTP 400 Bad Request: Token expired
            code: invalid_grant
            hint: check the arguments against the message"#]],
    );
    check_text(
        json(r#"{"error":"Something is wrong"}"#),
        expect![[r#"
        HTTP 400 Bad Request: Something is wrong
        hint: check the arguments against the message"#]],
    );
    check_text(
        json(r#"{"error":"not_found"}"#),
        expect![[r#"
        HTTP 400 Bad Request: not_found
        code: not_found
        hint: check the arguments against the message"#]],
    );
    check_text(
        json(
            r#"{"error":{"code":400,"message":"Bad","status":"INVALID_ARGUMENT","details":[{"@type":"x","fieldViolations":[{"field":"q","description":"empty"}]}]}}"#,
        ),
        expect![[r#"
            HTTP 400 Bad Request: Bad
            code: 400
            - q: empty
            hint: check the arguments against the message"#]],
    );
    check_text(
        json(
            r#"{"errors":[{"status":"400","code":"E1","title":"Bad","detail":"Too short","source":{"pointer":"/data/name"}}]}"#,
        ),
        expect![[r#"
            HTTP 400 Bad Request
            code: E1
            - /data/name: Too short
            hint: check the arguments against the message"#]],
    );
    check_text(
        json(r#"{"errors":[{"message":"Cannot query field \"x\""}],"data":null}"#),
        expect![[r#"
            HTTP 400 Bad Request: Cannot query field "x"
            hint: check the arguments against the message"#]],
    );
    check_text(
        json(r#"{"detail":[{"loc":["body","age"],"msg":"not an integer","type":"int_parsing"}]}"#),
        expect![[r#"
            HTTP 400 Bad Request
            code: int_parsing
            - body.age: not an integer
            hint: check the arguments against the message"#]],
    );
    check_text(
        json(r#"{"detail":"Not authenticated"}"#),
        expect![[r#"
        HTTP 400 Bad Request: Not authenticated
        hint: check the arguments against the message"#]],
    );
    check_text(
        json(r#"{"message":"Validation failed","errors":{"email":["is taken","is short"]}}"#),
        expect![[r#"
            HTTP 400 Bad Request: Validation failed
            - email: is taken; is short
            hint: check the arguments against the message"#]],
    );
    check_text(
        json(
            r#"{"title":"One or more validation errors occurred.","errors":{"$.Age":["bad"]},"traceId":"00-1"}"#,
        ),
        expect![[r#"
            HTTP 400 Bad Request: One or more validation errors occurred.
            - $.Age: bad
            hint: check the arguments against the message"#]],
    );
    check_text(
        json(r#"{"email":["This field is required."]}"#),
        expect![[r#"
            HTTP 400 Bad Request
            - email: This field is required.
            hint: check the arguments against the message"#]],
    );
    check_text(
        json(r#"{"__type":"ResourceNotFoundException","Message":"Table missing"}"#),
        expect![[r#"
            HTTP 400 Bad Request: Table missing
            code: ResourceNotFoundException
            hint: check the arguments against the message"#]],
    );
    check_text(
        json(r#"{"errorCode":7,"errorMessage":"No"}"#),
        expect![[r#"
        HTTP 400 Bad Request: No
        code: 7
        hint: check the arguments against the message"#]],
    );
    check_text(
        json(r#"{"fault":{"faultstring":"Denied","detail":{"errorcode":"policies.Denied"}}}"#),
        expect![[r#"
            HTTP 400 Bad Request: Denied
            code: policies.Denied
            hint: check the arguments against the message"#]],
    );
    check_text(
        json(r#"["first","second"]"#),
        expect![[r#"
        HTTP 400 Bad Request: first
        hint: check the arguments against the message"#]],
    );
    check_text(
        json(r#""just text""#),
        expect![[r#"
        HTTP 400 Bad Request: just text
        hint: check the arguments against the message"#]],
    );
    check_text(
        json(r#"{"ok":false,"why":{"x":1}}"#),
        expect![[r#"
        HTTP 400 Bad Request: {"ok":false,"why":{"x":1}}
        hint: check the arguments against the message"#]],
    );
    check_text(
        json("{}"),
        expect![[r#"
        HTTP 400 Bad Request
        hint: check the arguments against the message"#]],
    );
}

#[test]
fn xml_errors_are_understood() {
    check_text(
        answer(
            404,
            "application/xml",
            "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>",
        ),
        expect![[r#"
            HTTP 404 Not Found: The key does not exist.
            code: NoSuchKey
            hint: check the identifiers; what they name does not exist, or is hidden from this credential"#]],
    );
    check_text(
        answer(
            500,
            "text/xml",
            "<s:Envelope xmlns:s='u'><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring>Bad id</faultstring></s:Fault></s:Body></s:Envelope>",
        ),
        expect![[r#"
            HTTP 500 Internal Server Error: Bad id
            code: s:Client
            hint: the server failed; repeating the call may change something twice"#]],
    );
}

#[test]
fn each_status_has_its_hint() {
    for status in [
        400, 401, 403, 404, 409, 410, 412, 413, 418, 422, 428, 429, 500, 502, 503,
    ] {
        let shown = shown(&answer(status, "", "").result());
        assert!(shown.starts_with("error"), "{shown}");
    }
    check_text(
        answer(401, "", ""),
        expect![[r#"
        HTTP 401 Unauthorized
        hint: the gateway's credential for this API is missing, wrong or expired; its operator has to renew it, other arguments will not help"#]],
    );
    check_text(answer(418, "", ""), expect!["HTTP 418"]);
    check_text(
        answer(412, "", "").header("ETag", "\"v2\""),
        expect![[r#"
        HTTP 412 Precondition Failed
        etag: "v2"
        hint: read the resource again, and repeat the call with its current ETag"#]],
    );
    check_text(
        answer(429, "application/json", r#"{"message":"slow down"}"#).header("Retry-After", "30"),
        expect![[r#"
            HTTP 429 Too Many Requests: slow down
            retry after: 30
            hint: too many calls: wait 30 seconds, then repeat the same call"#]],
    );
    check_text(
        answer(503, "", "").header("Retry-After", "Fri, 31 Dec 2027 23:59:59 GMT"),
        expect![[r#"
            HTTP 503 Service Unavailable
            retry after: Fri, 31 Dec 2027 23:59:59 GMT
            hint: the server is not available: wait until Fri, 31 Dec 2027 23:59:59 GMT, then repeat the call if it is safe to"#]],
    );
    check_text(
        answer(409, "", "").header("Location", "/pets/7"),
        expect![[r#"
        HTTP 409 Conflict
        location: /pets/7
        hint: read the current state of the resource, and decide again"#]],
    );
}

#[test]
fn a_page_is_summed_up_and_never_passed_on() {
    let page = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr>nginx</body></html>";
    check_text(
        answer(502, "text/html", page),
        expect![[r#"
        HTTP 502 Bad Gateway: 502 Bad Gateway nginx
        hint: the server is not available: wait a little, then repeat the call if it is safe to"#]],
    );
    let trace = "<!doctype html><title>RuntimeError at /x</title><body><h1>RuntimeError</h1><pre>Traceback (most recent call last):\n  \
                 File \"/app/x.py\", line 3, in view\n    secret = load()\nRuntimeError: boom</pre><script>alert(1)</script>";
    check_text(
        answer(500, "text/html", trace),
        expect![[r#"
        HTTP 500 Internal Server Error: RuntimeError at /x: RuntimeError RuntimeError: boom
        hint: the server failed; repeating the call may change something twice"#]],
    );
    let long = format!("<html><title>T</title><p>{}", "word ".repeat(10_000));
    let shown = shown(&answer(500, "text/html", long).result());
    assert!(shown.len() < 1500, "{}", shown.len());
}

#[test]
fn stack_traces_stay_outside() {
    check_text(
        answer(
            500,
            "text/plain",
            "java.lang.IllegalStateException: no connection\n\tat com.acme.Db.open(Db.java:12)\n\tat com.acme.Main.main(Main.java:3)\nCaused by: java.io.IOException: refused\n\t... 23 more\n",
        ),
        expect![[r#"
            HTTP 500 Internal Server Error: java.lang.IllegalStateException: no connection
            Caused by: java.io.IOException: refused
            hint: the server failed; repeating the call may change something twice"#]],
    );
    check_text(
        answer(
            500,
            "application/json",
            r#"{"message":"TypeError: x is undefined\n    at handler (/srv/app/index.js:3:7)\n    at next (/srv/app/router.js:1:1)","stack":"secret"}"#,
        ),
        expect![[r#"
            HTTP 500 Internal Server Error: TypeError: x is undefined
            hint: the server failed; repeating the call may change something twice"#]],
    );
    check_text(
        answer(
            500,
            "application/json",
            r#"{"stack":"at x","trace":["y"],"ok":false}"#,
        ),
        expect![[r#"
            HTTP 500 Internal Server Error: {"ok":false}
            hint: the server failed; repeating the call may change something twice"#]],
    );
    check_text(
        answer(
            500,
            "text/plain",
            "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\n    main()\nValueError: bad\n",
        ),
        expect![[r#"
            HTTP 500 Internal Server Error: ValueError: bad
            hint: the server failed; repeating the call may change something twice"#]],
    );
    check_text(
        answer(
            500,
            "text/plain",
            "panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/srv/main.go:5 +0x1d\n",
        ),
        expect![[r#"
            HTTP 500 Internal Server Error: panic: boom
            hint: the server failed; repeating the call may change something twice"#]],
    );
}

#[test]
fn a_trace_is_found_at_any_depth() {
    let body = r#"{"ok":false,"cause":[{"stackTrace":"at x","id":7}]}"#;
    check_text(
        answer(500, "application/json", body),
        expect![[r#"
        HTTP 500 Internal Server Error: {"ok":false,"cause":[{"id":7}]}
        hint: the server failed; repeating the call may change something twice"#]],
    );
}

#[test]
fn odd_failures_are_failures_all_the_same() {
    check_text(
        answer(400, "application/json", "{\"message\": \"cut he").cut_of(500),
        expect![[r#"
            HTTP 400 Bad Request: {"message": "cut he
            hint: check the arguments against the message"#]],
    );
    check_text(
        answer(400, "application/json", "Bad Request"),
        expect![[r#"
        HTTP 400 Bad Request: Bad Request
        hint: check the arguments against the message"#]],
    );
    check_text(
        answer(500, "image/png", b"\x89PNG\r\n\x1a\n"),
        expect![[r#"
        HTTP 500 Internal Server Error: the server explained itself in 8 bytes of image/png
        hint: the server failed; repeating the call may change something twice"#]],
    );
    check_text(
        answer(
            400,
            "application/json",
            r#"{"message":"\u001b[31mred\u0000"}"#,
        ),
        expect![[r#"
            HTTP 400 Bad Request: red
            hint: check the arguments against the message"#]],
    );
    check_text(
        answer(599, "", ""),
        expect![[r#"
        HTTP 599
        hint: the server failed; repeating the call may change something twice"#]],
    );
}
