using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ImageApi.Emulator.Http;

/// <summary>Reads the JSON object of a request.</summary>
internal static class JsonRequestReader
{
    private const string InvalidJsonMessage = "We could not parse the JSON body of your request: it must be one JSON object.";

    public static async Task<JsonDocument> ReadAsync(HttpContext http)
    {
        JsonDocument document;
        try
        {
            document = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        }
        catch (JsonException)
        {
            throw ApiException.Invalid(InvalidJsonMessage);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        throw ApiException.Invalid(InvalidJsonMessage);
    }
}
