using ImageApi.Emulator.Faults;
using ImageApi.Emulator.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace ImageApi.Emulator.Media;

/// <summary><c>GET /media/{name}</c>: results and uploads, for everybody who has the link.</summary>
internal sealed class MediaEndpoint(MediaLibrary library, FaultGate gate)
{
    public async Task ServeAsync(HttpContext http)
    {
        var name = http.GetRouteValue("name") as string ?? "";
        var result = library.FindResult(name);
        var upload = library.FindUpload(name);
        if (result is null && upload is null)
        {
            throw ApiException.NotFound("There is nothing at this link.", "media_not_found");
        }

        if (!library.IsAlive(name, http.Request.Query))
        {
            throw new ApiException(StatusCodes.Status410Gone, "invalid_request_error", "This link has expired.", code: "link_expired");
        }

        IResult Content() => result is { } made
            ? OfResult(library.Make(made.Order, made.Index), made.Order.MimeType)
            : Results.Stream(upload!.OpenRead(), upload.MimeType, entityTag: Tag(upload.Hash), enableRangeProcessing: true);

        if (http.Request.Query.ContainsKey(FaultGate.RedirectedQuery))
        {
            await Content().ExecuteAsync(http);
            return;
        }

        var order = result?.Order;
        var about = new FaultContext(EmulatorEndpoint.MediaDownload, http.Request.Headers)
        {
            Prompt = order?.Prompt,
            JobId = order?.Id.StartsWith("job_", StringComparison.Ordinal) == true ? order.Id : null,
            FileName = name,
        };
        await gate.RunAsync(http, about, _ => Content().ExecuteAsync(http));
    }

    private static IResult OfResult(MediaContent content, string mimeType)
        => Results.Bytes(content.Bytes, mimeType, enableRangeProcessing: true, entityTag: Tag(content.Hash));

    private static EntityTagHeaderValue Tag(string hash) => new($"\"{hash}\"");
}
