using System.Diagnostics.CodeAnalysis;
using ImageApi.Client.Extensions.AI.Internal;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Makes responses of what came back. It was paid for: nothing here may throw, and everything stays within reach as raw representation.</summary>
[Experimental(ExperimentalDiagnostic.DiagnosticId, UrlFormat = ExperimentalDiagnostic.UrlFormat)]
internal static class ResponseMapper
{
    public static ImageGenerationResponse Map(ImageResult result, bool preferUrls)
    {
        var mediaType = MediaTypes.FromOutputFormat(result.OutputFormat);
        return new ImageGenerationResponse([.. result.Images.Select(media => ContentMapper.Map(media, mediaType, preferUrls))])
        {
            RawRepresentation = result,
            Usage = UsageMapper.Map(result.Usage),
        };
    }

    public static ImageGenerationResponse Map(Job job, bool preferUrls) => new([.. job.Output.All.Select(media => ContentMapper.Map(media, null, preferUrls))])
    {
        RawRepresentation = job,
        Usage = UsageMapper.Map(job),
    };
}
