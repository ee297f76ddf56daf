using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Makes responses of what came back. It was paid for: nothing here may throw, and everything stays within reach as raw representation.</summary>
[Experimental(Experiment.Id, UrlFormat = Experiment.UrlFormat)]
internal static class Responses
{
    public static ImageGenerationResponse From(ImageResult result, bool preferLinks)
    {
        var mediaType = MediaTypes.FromOutputFormat(result.OutputFormat);
        return new ImageGenerationResponse([.. result.Images.Select(media => MediaContents.From(media, mediaType, preferLinks))])
        {
            RawRepresentation = result,
            Usage = Usages.From(result.Usage),
        };
    }

    public static ImageGenerationResponse From(Job job, bool preferLinks) => new([.. job.Output.All.Select(media => MediaContents.From(media, null, preferLinks))])
    {
        RawRepresentation = job,
        Usage = Usages.From(job),
    };
}
