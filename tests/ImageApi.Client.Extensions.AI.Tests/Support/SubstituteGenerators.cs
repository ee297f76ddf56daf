using NSubstitute;

namespace ImageApi.Client.Extensions.AI.Tests.Support;

/// <summary>Clients that answer what a server may: for answers no server here gives.</summary>
internal static class SubstituteGenerators
{
    public static IImageGenerator Returning(ImageResult result)
    {
        var images = Substitute.For<ImagesClient>();
        images.GenerateAsync(Arg.Any<ImageRequest>(), Arg.Any<RequestOptions?>(), Arg.Any<CancellationToken>()).Returns(result);
        var client = Substitute.For<ImageApiClient>();
        client.Images.Returns(images);
        return client.AsIImageGenerator();
    }

    public static IImageGenerator Returning(GeneratedMedia media) => Returning(new ImageResult { Images = [media] });

    public static IImageGenerator Returning(Job job)
    {
        var jobs = Substitute.For<JobsClient>();
        jobs.RunAsync(Arg.Any<JobRequest>(), Arg.Any<JobRunOptions?>(), Arg.Any<CancellationToken>()).Returns(job);
        var client = Substitute.For<ImageApiClient>();
        client.Jobs.Returns(jobs);
        return client.AsIImageGenerator(options: EmulatorFixture.WithJobs());
    }

    public static async Task<AIContent> GenerateContentAsync(GeneratedMedia media, ImageGenerationResponseFormat? format = null) =>
        Assert.Single((await Returning(media).GenerateImagesAsync("fox", new ImageGenerationOptions { ResponseFormat = format })).Contents);
}
