import mlrun


class Doubling(mlrun.serving.V2ModelServer):
    def load(self):
        self.factor = self.get_param("factor", 2)

    def predict(self, body: dict) -> list:
        return [self.factor * each for each in body["inputs"]]
