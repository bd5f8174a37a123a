"""The embedded default: pictures from the words alone, with no key and no GPU.

backend   the port Backend; hands each picture to a worker process
words     the prompt, read into a scene: subjects, place, hour, weather, style
palette   its colours   ·   stage, land, waters, elsewhere   its place
cast      who stands where   ·   people, animals, wings, plants, buildings, machines, things
abstract  what is painted where no word has a shape
draw      all of it together, blended with a starting image, labelled
"""
