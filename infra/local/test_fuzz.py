"""The fuzz targets and their seeds."""

import unittest

from .fuzz import CORPUS, targets


class Targets(unittest.TestCase):
    def test_each_has_seeds_of_its_name(self) -> None:
        names = [target.name for target in targets([])]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(sorted(names), sorted(folder.name for folder in CORPUS.iterdir()))

    def test_words_select_by_name(self) -> None:
        self.assertEqual({target.name for target in targets(["csv_t", "domain"])}, {"csv_table", "domain"})
        self.assertEqual(targets(["nothing of this name"]), [])


if __name__ == "__main__":
    unittest.main()
