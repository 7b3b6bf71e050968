package com.example.data;

import java.util.List;

import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Options;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;

@Mapper
interface CustomerMapper {

	@Select("SELECT id, name FROM customers WHERE city = #{city} AND name <> 'zzliteral' ORDER BY id")
	List<Found> findByCity(@Param("city") String city);

	@Insert("INSERT INTO notes (body) VALUES (#{body})")
	@Options(useGeneratedKeys = true, keyProperty = "id", keyColumn = "id")
	int insert(NewNote note);

	record Found(Long id, String name) {

	}

	class NewNote {

		private Long id;

		private final String body;

		NewNote(String body) {
			this.body = body;
		}

		public Long getId() {
			return this.id;
		}

		public void setId(Long id) {
			this.id = id;
		}

		public String getBody() {
			return this.body;
		}

	}

}
