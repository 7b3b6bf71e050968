package com.example.load;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;

import com.sun.management.ThreadMXBean;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What only the JVM itself knows: classes loaded, and what each thread has allocated.
 */
@RestController
class FiguresController {

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	@GetMapping("/figures")
	String figures() {
		StringBuilder text = new StringBuilder();
		text.append("classes ").append(ManagementFactory.getClassLoadingMXBean().getLoadedClassCount()).append('\n');
		long[] ids = this.threads.getAllThreadIds();
		ThreadInfo[] infos = this.threads.getThreadInfo(ids);
		long[] allocated = this.threads.getThreadAllocatedBytes(ids);
		for (int i = 0; i < ids.length; i++) {
			if (infos[i] != null && allocated[i] >= 0) {
				text.append("thread ")
					.append(ids[i])
					.append(' ')
					.append(allocated[i])
					.append(' ')
					.append(infos[i].getThreadName())
					.append('\n');
			}
		}
		return text.toString();
	}

}
