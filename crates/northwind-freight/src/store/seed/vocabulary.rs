//! The words that names, places and sentences of the seed are made of.

/// City, country, first digits of its postal codes, currency.
pub(super) const CITIES: [(&str, &str, &str, &str); 24] = [
    ("Rotterdam", "NL", "30", "EUR"),
    ("Utrecht", "NL", "35", "EUR"),
    ("Antwerp", "BE", "20", "EUR"),
    ("Ghent", "BE", "90", "EUR"),
    ("Hamburg", "DE", "20", "EUR"),
    ("Leipzig", "DE", "04", "EUR"),
    ("Cologne", "DE", "50", "EUR"),
    ("Lyon", "FR", "69", "EUR"),
    ("Lille", "FR", "59", "EUR"),
    ("Nantes", "FR", "44", "EUR"),
    ("Turin", "IT", "10", "EUR"),
    ("Trieste", "IT", "34", "EUR"),
    ("Valencia", "ES", "46", "EUR"),
    ("Bilbao", "ES", "48", "EUR"),
    ("Porto", "PT", "40", "EUR"),
    ("Gothenburg", "SE", "41", "SEK"),
    ("Malmö", "SE", "21", "SEK"),
    ("Bergen", "NO", "50", "NOK"),
    ("Aarhus", "DK", "80", "DKK"),
    ("Gdańsk", "PL", "80", "PLN"),
    ("Poznań", "PL", "60", "PLN"),
    ("Riga", "LV", "10", "EUR"),
    ("Tampere", "FI", "33", "EUR"),
    ("Cork", "IE", "12", "EUR"),
];

pub(super) const STREETS: [&str; 12] = [
    "Harbour Road",
    "Station Street",
    "Mill Lane",
    "Canal Street",
    "Industry Way",
    "Market Square",
    "Lighthouse Road",
    "Quay Street",
    "Birch Avenue",
    "Foundry Street",
    "Customs House Lane",
    "Bridge Street",
];

pub(super) const COMPANY_FIRST: [&str; 20] = [
    "Alder", "Baltic", "Cobalt", "Dune", "Ember", "Fjord", "Granite", "Hanse", "Iris", "Juniper",
    "Kestrel", "Linden", "Meridian", "Nordlys", "Osprey", "Polder", "Quartz", "Ridge", "Saffron",
    "Tidal",
];

pub(super) const COMPANY_SECOND: [&str; 20] = [
    "Cycles",
    "Ceramics",
    "Coffee",
    "Instruments",
    "Furniture",
    "Optics",
    "Textiles",
    "Audio",
    "Pharma",
    "Tools",
    "Lighting",
    "Outdoor",
    "Press",
    "Robotics",
    "Seafood",
    "Seeds",
    "Ski",
    "Toys",
    "Vineyards",
    "Watches",
];

pub(super) const PEOPLE: [&str; 16] = [
    "Aino Laine",
    "Bram de Vries",
    "Chiara Conti",
    "Dana Novák",
    "Elif Kaya",
    "Femke Jansen",
    "Gustav Lind",
    "Hana Kowalska",
    "Ines Duarte",
    "Jonas Weber",
    "Karin Nyström",
    "Luca Ferri",
    "Maeve Byrne",
    "Nils Haugen",
    "Olga Bērziņa",
    "Pablo Ortega",
];

/// What a product is, its weight in grams, its price in cents.
pub(super) const PRODUCTS: [(&str, i64, i64); 20] = [
    ("Pallet wrap", 2_400, 1_190),
    ("Euro pallet", 24_000, 1_850),
    ("Shipping crate", 8_500, 4_200),
    ("Insulated box", 1_300, 990),
    ("Bubble roll", 900, 650),
    ("Gel ice pack", 500, 220),
    ("Ratchet strap", 1_100, 1_490),
    ("Edge protector", 150, 80),
    ("Drum, steel", 18_000, 6_900),
    ("Jerry can", 1_200, 1_250),
    ("Document tube", 220, 180),
    ("Data logger", 90, 3_400),
    ("Seal, numbered", 20, 60),
    ("Hand truck", 9_800, 8_900),
    ("Corner board", 350, 140),
    ("Label roll", 700, 1_050),
    ("Desiccant bag", 120, 95),
    ("Tarpaulin", 3_600, 2_750),
    ("Garment rail", 6_200, 5_400),
    ("Bottle carrier", 480, 310),
];

pub(super) const SIZES: [(&str, &str); 5] = [
    ("XS", "extra small"),
    ("S", "small"),
    ("M", "medium"),
    ("L", "large"),
    ("XL", "extra large"),
];

pub(super) const CARRIERS: [&str; 4] =
    ["northwind", "baltic_express", "alpine_road", "atlantic_air"];

/// Subject and first message of a ticket.
pub(super) const COMPLAINTS: [(&str, &str); 12] = [
    (
        "Parcel shows delivered but is not here",
        "The tracking page says delivered, reception has nothing. Can you ask the driver?",
    ),
    (
        "Two cartons arrived crushed",
        "Two of six cartons are crushed on one corner. Photographs to follow.",
    ),
    (
        "Wrong delivery address",
        "We moved in spring, please deliver to the new dock on the north side.",
    ),
    (
        "Invoice does not match the order",
        "The invoice lists one line more than we ordered.",
    ),
    (
        "Need a proof of delivery",
        "Our auditor asks for the signed delivery note.",
    ),
    (
        "Please change the delivery window",
        "Nobody is on site before 10:00, can the driver come later?",
    ),
    (
        "Customs asks for a commercial invoice",
        "The shipment is held, customs wants three copies.",
    ),
    (
        "Temperature logger shows an alarm",
        "The logger went above 8 degrees for forty minutes.",
    ),
    (
        "Pallet is missing from the consignment",
        "Four pallets were booked, three arrived.",
    ),
    (
        "How do we return empty crates?",
        "We have about forty empty crates to send back.",
    ),
    (
        "Refund for the late express delivery",
        "Express arrived two days late, we would like the surcharge back.",
    ),
    (
        "Please add a second contact",
        "Add our warehouse lead to every notification, please.",
    ),
];

pub(super) const REPLIES: [&str; 8] = [
    "Thank you, we are asking the depot and come back to you today.",
    "The driver confirms the drop at the side gate, could you look there?",
    "We have opened a claim, no action is needed from you.",
    "Please send us a photograph of the label.",
    "The corrected document is attached.",
    "Any news on this?",
    "That solved it, thank you.",
    "We have moved the delivery to the afternoon.",
];

/// Code, name, city, country, pallet places.
pub(super) const WAREHOUSES: [(&str, &str, &str, &str, i64); 5] = [
    ("ANR1", "Antwerp Scheldt", "Antwerp", "BE", 5_200),
    ("GDN1", "Gdańsk Bay", "Gdańsk", "PL", 3_100),
    ("GOT1", "Gothenburg North Quay", "Gothenburg", "SE", 4_400),
    ("HAM2", "Hamburg Free Port", "Hamburg", "DE", 7_600),
    ("RTM1", "Rotterdam Maasvlakte", "Rotterdam", "NL", 9_800),
];
