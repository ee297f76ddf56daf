using ImageApi.Emulator.Http;
using ImageApi.Emulator.Media;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace ImageApi.Emulator.Endpoints;

/// <summary><c>GET /media/{name}</c>: results and uploads, for everybody who has the link.</summary>
internal sealed class MediaEndpoint(MediaRepository mediaRepository, FaultInjectionMiddleware faultInjection)
{
    public async Task ServeAsync(HttpContext http)
    {
        var name = http.GetRouteValue("name") as string ?? "";
        var result = mediaRepository.FindResult(name);
        var upload = mediaRepository.FindUpload(name);
        if (result is null && upload is null)
        {
            throw ApiException.NotFound("There is nothing at this link.", "media_not_found");
        }

        if (!mediaRepository.IsUrlValid(name, http.Request.Query))
        {
            throw new ApiException(StatusCodes.Status410Gone, "invalid_request_error", "This link has expired.", code: "link_expired");
        }

        IResult CreateResult() => result is { } generated
            ? FromContent(mediaRepository.GetContent(generated.Request, generated.Index), generated.Request.MimeType)
            : Results.Stream(upload!.OpenRead(), upload.MimeType, entityTag: CreateEntityTag(upload.Hash), enableRangeProcessing: true);

        if (http.Request.Query.ContainsKey(FaultInjectionMiddleware.RedirectedQuery))
        {
            await CreateResult().ExecuteAsync(http);
            return;
        }

        var request = result?.Request;
        var context = new FaultContext(EmulatorEndpoint.MediaDownload, http.Request.Headers)
        {
            Prompt = request?.Prompt,
            JobId = request?.Id.StartsWith("job_", StringComparison.Ordinal) == true ? request.Id : null,
            FileName = name,
        };
        await faultInjection.RunAsync(http, context, _ => CreateResult().ExecuteAsync(http));
    }

    private static IResult FromContent(MediaContent content, string mimeType)
        => Results.Bytes(content.Bytes, mimeType, enableRangeProcessing: true, entityTag: CreateEntityTag(content.Hash));

    private static EntityTagHeaderValue CreateEntityTag(string hash) => new($"\"{hash}\"");
}
