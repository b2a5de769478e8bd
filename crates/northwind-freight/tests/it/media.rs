use std::io::Read;

use flate2::read::ZlibDecoder;

use crate::visitor::{MERGE_PATCH, Visitor};

#[tokio::test]
async fn a_label_is_a_png_with_a_code_39_barcode() {
    let answer = Visitor::arrive()
        .await
        .get("/shipments/NWF000100037/label.png")
        .await;
    assert_eq!(answer.header("content-type"), "image/png");
    let picture = &answer.body[..];
    assert_eq!(&picture[..16], b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let number = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
    let (width, height) = (
        usize::try_from(number(16)).unwrap(),
        usize::try_from(number(20)).unwrap(),
    );

    assert_eq!(&picture[37..41], b"IDAT");
    let length = usize::try_from(number(33)).unwrap();
    let mut lines = Vec::new();
    // The decoder also compares the checksum of the stream.
    ZlibDecoder::new(&picture[41..41 + length])
        .read_to_end(&mut lines)
        .unwrap();
    let stride = 1 + width.div_ceil(8);
    assert_eq!(lines.len(), stride * height);

    // The runs of one colour through the middle: frame, margin, then the start mark, narrow and wide.
    let middle = &lines[height / 2 * stride..][1..];
    let pixels: Vec<bool> = (0..width)
        .map(|x| middle[x / 8] >> (7 - x % 8) & 1 == 0)
        .collect();
    let runs: Vec<usize> = pixels
        .chunk_by(|one, other| one == other)
        .map(<[bool]>::len)
        .collect();
    assert_eq!(runs[2..11], [2, 5, 2, 2, 5, 2, 5, 2, 2]);
    // Fourteen characters of nine elements and a gap, the frame and the margin at both ends.
    assert_eq!(runs.len(), 14 * 10 + 3);
}

#[tokio::test]
async fn the_partner_feed_is_well_formed_and_counts_itself() {
    let visitor = Visitor::arrive().await;
    let renamed = r#"{"name": "Fish & Chips <Ltd> \u0007"}"#;
    let order = visitor
        .get("/shipments?status=in_transit&limit=1")
        .await
        .json()["items"][0]["order_id"]
        .clone();
    let customer = visitor.get(&format!("/orders/{order}")).await.json()["customer_id"].clone();
    assert_eq!(
        visitor
            .send(
                "PATCH",
                &format!("/customers/{customer}"),
                &[MERGE_PATCH],
                renamed
            )
            .await
            .status,
        200
    );

    let answer = visitor.get("/partner/feed.xml").await;
    assert_eq!(
        answer.header("content-type"),
        "application/xml; charset=utf-8"
    );
    let feed = roxmltree::Document::parse(answer.text()).unwrap();
    let consignments = feed
        .root_element()
        .children()
        .filter(roxmltree::Node::is_element)
        .count();
    assert_eq!(
        feed.root_element().attribute("consignments"),
        Some(&*consignments.to_string())
    );
    assert!(
        feed.descendants()
            .any(|node| node.text() == Some("Fish & Chips <Ltd>  "))
    );
}

#[tokio::test]
async fn the_export_has_one_line_for_each_order() {
    let visitor = Visitor::arrive().await;
    let answer = visitor.get("/exports/orders.csv").await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(answer.text().lines().count(), 1_201);
    assert!(
        answer
            .text()
            .starts_with("order_id,customer,status,service,total_cents,currency,placed_at\r\n1,")
    );
    let may = visitor
        .get("/exports/orders.csv?placed_from=2025-05-01&placed_to=2025-05-31")
        .await;
    assert!(
        may.text()
            .lines()
            .skip(1)
            .all(|line| line.contains(",2025-05-"))
    );
    assert!(may.text().lines().count() > 10);
}

#[tokio::test]
async fn a_comma_or_quote_in_a_cell_is_quoted() {
    let visitor = Visitor::arrive().await;
    let customer = visitor.get("/orders/1").await.json()["customer_id"].clone();
    let renamed = r#"{"name": "Smith, \"Sons\""}"#;
    let path = format!("/customers/{customer}");
    assert_eq!(
        visitor
            .send("PATCH", &path, &[MERGE_PATCH], renamed)
            .await
            .status,
        200
    );
    let table = visitor.get("/exports/orders.csv").await;
    assert!(
        table
            .text()
            .lines()
            .nth(1)
            .unwrap()
            .starts_with(r#"1,"Smith, ""Sons""","#)
    );
}

#[tokio::test]
async fn a_file_comes_back_as_it_was_attached() {
    let visitor = Visitor::arrive().await;
    let multipart = [("content-type", "multipart/form-data; boundary=cut")];
    let body =
        b"--cut\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nThe crushed corner\r\n\
        --cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"corner.bin\"\r\n\
        content-type: image/x-corner\r\n\r\n\x00\xFF\r\n\x01\r\n--cut--\r\n";
    let answer = visitor
        .send("POST", "/tickets/600/attachments", &multipart, &body[..])
        .await;
    let attachment = answer.json();
    assert_eq!(
        (answer.status, &attachment["note"]),
        (201, &"The crushed corner".into())
    );
    assert_eq!(
        visitor.get("/tickets/600").await.json()["attachments"][0],
        attachment
    );

    let file = visitor.get(answer.header("location")).await;
    assert_eq!(
        (file.header("content-type"), &file.body[..]),
        ("image/x-corner", &b"\x00\xFF\r\n\x01"[..])
    );

    let empty = visitor
        .send(
            "POST",
            "/tickets/600/attachments",
            &multipart,
            "--cut--\r\n",
        )
        .await;
    assert_eq!(
        (empty.status, &empty.json()["errors"][0]["field"]),
        (422, &"file".into())
    );
    assert_eq!(
        visitor
            .send("POST", "/tickets/600/attachments", &[], "x")
            .await
            .status,
        415
    );
    assert_eq!(
        visitor
            .send("POST", "/tickets/9999/attachments", &multipart, &body[..])
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_comment_is_sent_as_a_form() {
    let visitor = Visitor::arrive().await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let path = "/tickets/600/comments";
    let answer = visitor
        .send(
            "POST",
            path,
            &form,
            "author=Hana+Kowalska&body=50%25+off%21&internal=true",
        )
        .await;
    let comment = answer.json();
    assert_eq!(
        (answer.status, &comment["body"], &comment["internal"]),
        (201, &"50% off!".into(), &true.into())
    );
    assert_eq!(
        visitor.get(path).await.json().as_array().unwrap().last(),
        Some(&comment)
    );

    let wrong = visitor
        .send("POST", path, &form, "author=&internal=maybe&colour=red")
        .await;
    let problem = wrong.json();
    let fields: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        (wrong.status, fields),
        (422, vec!["author", "body", "internal", "colour"])
    );
    assert_eq!(
        visitor
            .send("POST", path, &[], "author=a&body=b")
            .await
            .status,
        415
    );
    assert_eq!(
        visitor
            .send("POST", "/tickets/9999/comments", &form, "author=a&body=b")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_quarter_has_three_months() {
    let visitor = Visitor::arrive().await;
    let mut orders = 0;
    for quarter in [
        "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2", "2025-Q3",
    ] {
        let report = visitor
            .get(&format!("/reports/quarterly?quarter={quarter}"))
            .await
            .json();
        orders += report["orders"].as_i64().unwrap();
    }
    assert_eq!(orders, 1_200);
    for wrong in [
        "",
        "?quarter=2025",
        "?quarter=2025-Q0",
        "?quarter=2025-Q5",
        "?quarter=x-Q1",
    ] {
        assert_eq!(
            visitor
                .get(&format!("/reports/quarterly{wrong}"))
                .await
                .status,
            400,
            "{wrong}"
        );
    }
}
