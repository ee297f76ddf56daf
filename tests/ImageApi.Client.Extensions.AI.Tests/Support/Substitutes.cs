using NSubstitute;

namespace ImageApi.Client.Extensions.AI.Tests.Support;

/// <summary>Clients that answer what a server may: for answers no server here gives.</summary>
internal static class Substitutes
{
    public static IImageGenerator Answering(ImageResult result)
    {
        var images = Substitute.For<ImagesClient>();
        images.GenerateAsync(Arg.Any<ImageRequest>(), Arg.Any<CallOptions?>(), Arg.Any<CancellationToken>()).Returns(result);
        var client = Substitute.For<ImageApiClient>();
        client.Images.Returns(images);
        return client.AsIImageGenerator();
    }

    public static IImageGenerator Answering(GeneratedMedia media) => Answering(new ImageResult { Images = [media] });

    public static IImageGenerator Answering(Job job)
    {
        var jobs = Substitute.For<JobsClient>();
        jobs.RunAsync(Arg.Any<JobRequest>(), Arg.Any<JobWaitOptions?>(), Arg.Any<CancellationToken>()).Returns(job);
        var client = Substitute.For<ImageApiClient>();
        client.Jobs.Returns(jobs);
        return client.AsIImageGenerator(options: World.OverJobs());
    }

    public static async Task<AIContent> ContentOfAsync(GeneratedMedia media, ImageGenerationResponseFormat? format = null) =>
        Assert.Single((await Answering(media).GenerateImagesAsync("fox", new ImageGenerationOptions { ResponseFormat = format })).Contents);
}
