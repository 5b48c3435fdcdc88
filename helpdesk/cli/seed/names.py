"""Names that nobody has, or everybody."""

ORGANIZATIONS = tuple(
    name.strip()
    for name in """
Harbor Coffee, Northwind Labs, Atelier Roux, Fjord Cycles, Kite & Co, Bluebell Nursery,
Stonebridge Dental, Okafor Legal, Lumen Studio, Tidewater Foods, Maple Street Vets, Granit
Bau, Cedar & Vale, Ostwind Logistik, Paper Lantern Press, Quarry Lane School, Redwood
Physio, Saltmarsh Brewing, Thistle Books, Umbra Lighting, Vega Robotics, Willow Care Homes,
Yarrow Organics, Zephyr Air Tools, Aurora Dance, Brick & Bloom, Copper Kettle, Dockside
Dental, Elm Park Hotel, Foxglove Pharmacy, Gable Roofing, Heron Architects, Iris Optics,
Juniper Bikes, Kestrel Couriers, Larkspur Events, Meridian Maps, Nimbus Cloud Kitchens,
Olive Grove Bistro, Pinecrest Joinery, Quill Translations, Rowan Tree Media, Sable
Interiors, Tern Marine, Ursa Outdoor, Violet Hour, Wren Plumbing, Xylo Instruments, Yellow
Door Theatre, Zinnia Florists, Birchwood Farms, Cobalt Ceramics, Drift Surf School, Ember
Glass, Flint & Steel Gym,
Amber Bakery, Basalt Climbing, Canal Street Deli, Delta Dry Cleaning, Echo Sound Hire,
Fern Hill Farm, Garnet Jewellers, Hollow Oak Toys, Indigo Prints, Jasper Stone Works,
Kingfisher Boats, Lantern House, Moss Lane Nursery, North Pier Fish, Orchard Cider,
Pebble Beach Inn, Quince Kitchen, Ravenscourt Tutors, Sandstone Surveyors, Tamarind Spice,
Upland Wool, Vine Street Wines, Walnut Workshop, Yew Tree Vets, Anchor Chandlers,
Bellflower Bridal, Clover Creamery, Dune Cafe, Easel Framing, Fathom Diving
""".replace("\n", " ").split(",")
)

FIRST_NAMES = tuple(
    name.strip()
    for name in """
Ines, Priya, Jonas, Amara, Lukas, Sofia, Mateo, Hana, Oskar, Leila, Tomás, Freya, Dmitri,
Chloe, Kenji, Zara, Pavel, Noor, Elena, Hugo, Aisha, Marek, Yuna, Caleb, Ingrid, Rafael,
Mei, Anton, Beatriz, Samir, Greta, Femi, Lars, Daniela, Ruben, Katya, Owen, Sana, Milan,
Astrid
""".replace("\n", " ").split(",")
)

LAST_NAMES = tuple(
    name.strip()
    for name in """
Duarte, Nair, Weber, Okafor, Brandt, Rossi, Alvarez, Sato, Lindqvist, Haddad, Costa, Nilsen,
Petrov, Martin, Tanaka, Khan, Novak, Rahman, Popescu, Moreau, Bello, Kowalski, Park, Reid,
Dahl, Silva, Chen, Vogel, Santos, Aziz, Keller, Adeyemi, Jensen, Ruiz, Peeters, Orlova,
Hughes, Malik, Horvat, Berg
""".replace("\n", " ").split(",")
)
