"""The models: DeepInfra's list and pages, and OpenAI's list."""

from fastapi import APIRouter

from adapters.api.context import Here
from adapters.api.routes.inference import known_name
from adapters.api.schema import openapi, schemas
from adapters.api.schema.openapi import ModelName

native = APIRouter(tags=["models"])
openai = APIRouter(tags=["models"])


@native.get("/models/list")
async def models(here: Here) -> list[schemas.Listed]:
    """Every model; no key is needed."""
    return [schemas.listed(model) for model in here.engine.models]


@native.get("/models/{model_name:path}", responses={404: openapi.NATIVE[404]})
async def model_page(model_name: ModelName, here: Here) -> schemas.Detailed:
    """One model: its fields with their ranges, its schemas and its price."""
    return schemas.detailed(here.catalogue.model(known_name(here, model_name)))


@openai.get("/v1/openai/models")
@openai.get("/v1/models")
async def openai_models(here: Here) -> schemas.OpenAIModels:
    """Every model, as OpenAI lists them."""
    data = [
        schemas.OpenAIModel(
            id=model.name, object="model", created=0, owned_by=model.name.partition("/")[0]
        )
        for model in here.engine.models
    ]
    return schemas.OpenAIModels(object="list", data=data)
