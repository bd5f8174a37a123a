"""The words that sketches know, each with what else people call it."""

# Every noun that has a shape of its own, and what else people call it.
NOUNS: dict[str, str] = {
    # buildings and things that stand
    "lighthouse": "beacon",
    "house": "home cottage hut cabin barn farmhouse villa mansion",
    "castle": "fortress palace citadel kingdom",
    "tower": "spire",
    "church": "chapel cathedral monastery",
    "temple": "pagoda shrine",
    "windmill": "mill",
    "tent": "camp teepee tipi",
    "pyramid": "",
    "bridge": "viaduct aqueduct",
    "lamp": "lamppost streetlight streetlamp",
    "snowman": "snowmen",
    # machines
    "boat": "sailboat yacht sailing dinghy",
    "ship": "galleon frigate schooner pirate vessel",
    "car": "automobile taxi cab van",
    "train": "locomotive",
    "bicycle": "bike cyclist",
    "balloon": "airship zeppelin",
    "plane": "airplane aeroplane aircraft biplane jet",
    "rocket": "spaceship spacecraft starship shuttle missile",
    "ufo": "saucer alien",
    "robot": "android mech droid cyborg automaton",
    # things on a table
    "cup": "mug coffee tea teacup cocoa",
    "book": "novel tome",
    "lantern": "",
    "candle": "",
    "apple": "fruit",
    "vase": "bouquet pot jar",
    "bottle": "wine potion flask",
    "guitar": "violin cello ukulele",
    "clock": "watch alarm",
    "crystal": "gem diamond gemstone jewel",
    "heart": "love",
    "umbrella": "parasol",
    "crown": "tiara",
    "key": "",
    "sword": "dagger excalibur",
    "cake": "birthday dessert",
    # plants
    "tree": "oak maple bonsai willow elm baobab birch",
    "pine": "fir spruce conifer evergreen christmas",
    "palm": "",
    "blossom": "sakura cherry",
    "flower": "bloom daisy rose poppy lily orchid",
    "sunflower": "",
    "tulip": "",
    "mushroom": "toadstool fungus fungi",
    "cactus": "cacti saguaro succulent",
    "pumpkin": "halloween",
    # animals
    "cat": "kitten kitty feline tabby",
    "dog": "puppy hound terrier corgi labrador retriever",
    "fox": "vixen",
    "wolf": "wolves coyote",
    "lion": "tiger leopard panther cheetah",
    "frog": "toad",
    "pig": "piglet boar",
    "rabbit": "bunny hare",
    "horse": "pony stallion mare unicorn",
    "deer": "stag elk moose reindeer doe",
    "bear": "grizzly panda",
    "elephant": "mammoth",
    "giraffe": "",
    "sheep": "lamb goat",
    "mouse": "mice hamster rat",
    "bird": "seagull gull swallow sparrow crow raven eagle hawk",
    "owl": "",
    "duck": "swan goose geese",
    "penguin": "",
    "butterfly": "moth",
    "fish": "goldfish koi salmon",
    "whale": "orca",
    "shark": "dolphin",
    "jellyfish": "medusa",
    "octopus": "kraken squid",
    "turtle": "tortoise",
    "snail": "",
    "dragon": "wyvern",
    "dinosaur": "dino brontosaurus sauropod",
    # people
    "person": (
        "man woman girl boy child people traveler traveller wanderer figure hiker monk human lady "
        "someone stranger"
    ),
    "astronaut": "cosmonaut spaceman",
    "wizard": "witch mage sorcerer",
    "knight": "samurai warrior soldier",
    "portrait": "face selfie",
    "royal": "queen king princess prince empress emperor",
    # up there
    "planet": "saturn jupiter world earth globe",
    "island": "isle",
    "volcano": "",
    "rock": "boulder stone",
}

PLACES: dict[str, str] = {
    "sea": (
        "ocean beach coast coastline shore harbor harbour bay seaside seascape wave cliff maritime"
    ),
    "lake": "river pond lagoon stream reflection waterfall fjord creek",
    "mountains": "mountain alps peak summit himalaya valley canyon everest ridge highlands",
    "forest": "forest woodland jungle grove rainforest wood",
    "desert": "desert dune sahara sand oasis egypt wasteland savanna savannah",
    "city": (
        "city cityscape skyline street town urban downtown skyscraper metropolis tokyo york "
        "london paris cyberpunk alley neon"
    ),
    "meadow": (
        "meadow field garden farm village countryside hill grass prairie park pasture vineyard"
    ),
    "space": "space galaxy nebula cosmos universe orbit mars interstellar cosmic supernova",
    "deep": "underwater reef submarine undersea seabed coral aquarium",
    "studio": "table room kitchen desk shelf indoors interior studio still closeup portrait",
    "sky": "sky clouds heaven floating above flying",
}

HOURS: dict[str, str] = {
    "dawn": "dawn sunrise morning daybreak spring",
    "day": "day noon daylight sunny midday summer bright afternoon",
    "dusk": "dusk sunset evening twilight sundown autumn golden fall",
    "night": (
        "night midnight nighttime moonlit moonlight starry dark darkness nocturne nightfall "
        "halloween"
    ),
    "grey": "storm stormy overcast gloomy rainy grey gray noir",
}

WEATHERS: dict[str, str] = {
    "rain": "rain rainy raining drizzle storm stormy thunderstorm",
    "snow": "snow snowy snowing winter blizzard frozen icy arctic christmas antarctica snowfall",
    "fog": "fog foggy mist misty haze hazy smoke",
    "stars": "starry star constellation milky",
    "cloudy": "cloud cloudy overcast",
    "aurora": "aurora borealis northern",
    "lightning": "lightning thunder thunderstorm",
    "rainbow": "rainbow",
    "sun": "sun sunny sunshine sunlight sunset sunrise",
    "moon": "moon moonlit moonlight lunar crescent",
    "comet": "comet meteor asteroid shooting",
    "leaves": "autumn fall leaves",
    "petals": "blossom sakura petals cherry spring",
    "fireflies": "firefly magic magical enchanted fairy",
    "fireworks": "firework celebration",
}

MOODS: dict[str, str] = {
    "dark": "spooky scary haunted horror gothic grim sinister dark eerie ominous gloomy",
    "soft": (
        "pastel soft dreamy gentle calm peaceful serene delicate quiet pale minimalist watercolor "
        "watercolour"
    ),
    "vivid": (
        "vivid vibrant colorful colourful psychedelic bright neon happy joyful cheerful saturated "
        "cyberpunk pop"
    ),
    "warm": "cozy cosy warm autumn nostalgic vintage retro",
    "grey": "monochrome noir greyscale grayscale charcoal pencil b&w",
}

STYLES: dict[str, str] = {
    "oil": (
        "oil painting impressionist impressionism gogh monet brushstrokes painterly acrylic canvas"
    ),
    "watercolor": "watercolor watercolour aquarelle wash",
    "pencil": "pencil drawing charcoal ink sketch lineart etching engraving",
    "pixel": "pixel pixelated 8-bit 8bit 16-bit retro-game voxel minecraft",
    "poster": "poster flat vector minimalist minimal art-deco deco bauhaus stencil",
    "vintage": "vintage sepia retro daguerreotype polaroid antique",
    "neon": "neon cyberpunk synthwave vaporwave glowing",
}

NUMBERS = {
    "two": 2,
    "couple": 2,
    "pair": 2,
    "twin": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "several": 4,
    "many": 6,
    "flock": 7,
    "herd": 5,
    "school": 7,
    "group": 5,
    "row": 5,
}
BIG = "big giant huge large enormous massive colossal towering gigantic mighty"
SMALL = "small tiny little miniature distant far lonely"
# Words that carry no picture of their own.
EMPTY = """
    a an the of in on at by with and or to from for over under into is are as its it his her
    their this that near beside behind before through between across up down out some very
    highly detailed style photo photograph picture image render rendering 4k 8k hd uhd quality
    best masterpiece trending artstation realistic cinematic lighting beautiful stunning epic
    illustration painting art digital concept riding rides ride astride holding wearing standing
    sitting looking walking made like one view scene shot lens
"""
