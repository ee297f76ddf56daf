using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using Quickstart;

namespace ImageApi.Client.AotSmoke;

/// <summary>What the tour of the sample does not do.</summary>
internal sealed class AdditionalFeatures(ImageApiClient client, Report report)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await GenerateToFilesAsync(cancellationToken);
        await RunJobWithCustomInputAsync(cancellationToken);
        await GenerateWithExtensionsAIAsync(cancellationToken);
        await HandleRejectedRequestAsync(cancellationToken);
    }

    private async Task GenerateToFilesAsync(CancellationToken cancellationToken)
    {
        report.Step("Base64 images, decoded directly into files", "POST /v1/images/generations");
        var request = new ImageRequest { Prompt = "A leaf, twice", ResponseFormat = ImageResponseFormat.Base64, Count = 2 };
        foreach (var saved in await client.Images.GenerateToFilesAsync(request, Report.Directory + "leaf-{index}.{ext}", cancellationToken: cancellationToken))
        {
            report.OnSaved(saved);
        }
    }

    private async Task RunJobWithCustomInputAsync(CancellationToken cancellationToken)
    {
        report.Step("A job with a custom input type, its status streamed", "POST /v1/jobs, GET /v1/jobs/{id}");
        var input = JobInput.From(new CustomInput("A crystal", "1024x1024"), CustomJsonContext.Default.CustomInput);
        var job = await client.Jobs.SubmitAsync(new JobRequest { Model = "gpt-image-2", Input = input }, cancellationToken: cancellationToken);
        await foreach (var state in client.Jobs.WatchAsync(job.Id, cancellationToken: cancellationToken))
        {
            report.Line("state", state.Status.Value);
            job = state;
        }

        foreach (var saved in await client.Media.SaveAllAsync(job.Output.Images, Report.Directory + "crystal-{index}.{ext}", cancellationToken: cancellationToken))
        {
            report.OnSaved(saved);
        }
    }

    private async Task GenerateWithExtensionsAIAsync(CancellationToken cancellationToken)
    {
        report.Step("An image with Microsoft.Extensions.AI", "POST /v1/images/generations");
#pragma warning disable MEAI001 // the interfaces are experimental
        using var generator = client.AsIImageGenerator();
        var response = await generator.GenerateImagesAsync("A night skyline", cancellationToken: cancellationToken);
#pragma warning restore MEAI001
        report.OnSaved(await client.Media.SaveAsync((GeneratedMedia)response.Contents[0].RawRepresentation!, Report.UnusedPath("skyline"), cancellationToken: cancellationToken));
    }

    private async Task HandleRejectedRequestAsync(CancellationToken cancellationToken)
    {
        report.Step("A request that the server rejects", "POST /v1/images/generations");
        try
        {
            await client.Images.GenerateAsync(new ImageRequest { Prompt = "An image in an unsupported size", Size = "huge" }, cancellationToken: cancellationToken);
        }
        catch (ImageApiResponseException error) when (error is { Outcome: RequestOutcome.Rejected, StatusCode: System.Net.HttpStatusCode.BadRequest })
        {
            report.Line("rejected", error.Message);
            return;
        }

        throw new UnreachableException("The server accepted an invalid size.");
    }
}

/// <summary>Input of a model that the library does not know.</summary>
internal sealed record CustomInput(string Prompt, string Size);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CustomInput))]
internal sealed partial class CustomJsonContext : JsonSerializerContext;
