using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using Quickstart;

namespace ImageApi.Client.AotSmoke;

/// <summary>What the tour of the sample does not do.</summary>
internal sealed class Rest(ImageApiClient client, Report report)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await ToFilesAsync(cancellationToken);
        await WithTypeOfItsOwnAsync(cancellationToken);
        await WithExtensionsAIAsync(cancellationToken);
        await RefusedAsync(cancellationToken);
    }

    private async Task ToFilesAsync(CancellationToken cancellationToken)
    {
        report.Step("Pictures in base64, straight into files", "POST /v1/images/generations");
        var request = new ImageRequest { Prompt = "A leaf, twice", ResponseFormat = ImageResponseFormat.Base64, Count = 2 };
        foreach (var saved in await client.Images.GenerateToFilesAsync(request, Report.Directory + "leaf-{index}.{ext}", cancellationToken: cancellationToken))
        {
            report.Saved(saved);
        }
    }

    private async Task WithTypeOfItsOwnAsync(CancellationToken cancellationToken)
    {
        report.Step("A job with a type of the program's own, watched", "POST /v1/jobs, GET /v1/jobs/{id}");
        var input = JobInput.From(new OwnInput("A crystal", "1024x1024"), OwnJson.Default.OwnInput);
        var job = await client.Jobs.SubmitAsync(new JobRequest { Model = "gpt-image-2", Input = input }, cancellationToken: cancellationToken);
        await foreach (var state in client.Jobs.WatchAsync(job.Id, cancellationToken: cancellationToken))
        {
            report.Line("state", state.Status.Value);
            job = state;
        }

        foreach (var saved in await client.Media.SaveAllAsync(job.Output.Images, Report.Directory + "crystal-{index}.{ext}", cancellationToken: cancellationToken))
        {
            report.Saved(saved);
        }
    }

    private async Task WithExtensionsAIAsync(CancellationToken cancellationToken)
    {
        report.Step("A picture by Microsoft.Extensions.AI", "POST /v1/images/generations");
#pragma warning disable MEAI001 // the interfaces are experimental
        using var generator = client.AsIImageGenerator();
        var response = await generator.GenerateImagesAsync("A night skyline", cancellationToken: cancellationToken);
#pragma warning restore MEAI001
        report.Saved(await client.Media.SaveAsync((GeneratedMedia)response.Contents[0].RawRepresentation!, Report.FreePath("skyline"), cancellationToken: cancellationToken));
    }

    private async Task RefusedAsync(CancellationToken cancellationToken)
    {
        report.Step("A request that the server refuses", "POST /v1/images/generations");
        try
        {
            await client.Images.GenerateAsync(new ImageRequest { Prompt = "A picture in a size that there is not", Size = "huge" }, cancellationToken: cancellationToken);
        }
        catch (ImageApiErrorException refused) when (refused is { Outcome: RequestOutcome.Rejected, StatusCode: System.Net.HttpStatusCode.BadRequest })
        {
            report.Line("refused", refused.Message);
            return;
        }

        throw new UnreachableException("The size was taken.");
    }
}

/// <summary>Input of a model that the library does not know.</summary>
internal sealed record OwnInput(string Prompt, string Size);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OwnInput))]
internal sealed partial class OwnJson : JsonSerializerContext;
